import { Loader } from '@mantine/core'
import classes from './PagePending.module.css'

/** While a page's code is on its way. */
export function PagePending() {
  return (
    <div className={classes.pending}>
      <Loader size="sm" type="dots" aria-label="Loading" />
    </div>
  )
}
