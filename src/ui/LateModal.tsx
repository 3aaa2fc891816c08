import { Modal, type ModalProps } from '@mantine/core'
import { useLayoutEffect, useState } from 'react'

/**
 * Mantine's Modal for what is seldom opened on a page that renders often: before it is opened first it is not there;
 * closed, each renders twelve components with whatever is around it. It comes closed and is opened then, which is when
 * it takes note of where the focus goes back to.
 */
export function LateModal(props: ModalProps) {
  const { opened } = props
  const [there, setThere] = useState(false)
  useLayoutEffect(() => {
    if (opened) setThere(true)
  }, [opened])
  return opened || there ? <Modal {...props} opened={opened && there} /> : null
}
