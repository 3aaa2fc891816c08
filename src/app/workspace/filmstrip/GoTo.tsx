import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { InputScope } from '#sync/scope.ts'
import { LateModal } from '#ui/LateModal.tsx'
import classes from './GoTo.module.css'
import type { Images } from './useImages.ts'

/** Goes to an image by its number, or by a part of its name. */
export function GoTo({ images, scope }: { images: Images; scope: InputScope }) {
  return (
    <LateModal opened={images.asking} onClose={images.stopAsking} title="Go to image" size={420}>
      {images.asking && <Body images={images} scope={scope} />}
    </LateModal>
  )
}

function Body({ images, scope }: { images: Images; scope: InputScope }) {
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 200)
  const { data, isFetching } = useQuery({
    queryKey: ['find', scope.owner, scope.app, text],
    queryFn: () => images.find(text),
    enabled: text !== '',
  })
  const number = /^\d+$/.test(typed.trim()) ? Number(typed.trim()) : undefined
  const valid = number !== undefined && number >= 1 && images.total !== undefined && number <= images.total
  const leave = (go: () => void) => {
    images.stopAsking()
    go()
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    const first = data?.[0]
    if (number !== undefined && valid) leave(() => images.goTo(number))
    else if (first) leave(() => images.open(first.id))
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        data-autofocus
        label={`Number from 1 to ${images.total ?? '…'}, or part of a file name`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
      />
      <ul className={classes.found} aria-label="Images found">
        {text !== '' &&
          data?.map(({ id, title }) => (
            <li key={id}>
              <button type="button" className={classes.image} onClick={() => leave(() => images.open(id))}>
                {title}
              </button>
            </li>
          ))}
      </ul>
      {text !== '' && !isFetching && data?.length === 0 && !valid && (
        <p className={classes.none}>No image has this number or name.</p>
      )}
    </form>
  )
}
