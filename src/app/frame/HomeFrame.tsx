import { Link, Outlet } from '@tanstack/react-router'
import classes from './Frame.module.css'
import { Frame } from './Frame.tsx'

/** The frame of pages that belong to no app. */
export function HomeFrame() {
  return (
    <Frame
      navigation={
        <nav className={classes.nav} aria-label="Main">
          <Link to="/apps" className={classes.tab}>
            Apps
          </Link>
          <Link to="/settings" className={classes.tab} activeOptions={{ exact: true }}>
            Account
          </Link>
          <Link to="/settings/keys" className={classes.tab}>
            Keyboard
          </Link>
        </nav>
      }
    >
      <Outlet />
    </Frame>
  )
}
