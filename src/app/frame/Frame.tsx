import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { useUploads } from '#app/inputs/useUploads.ts'
import { AwayNotice } from '#app/session/AwayNotice.tsx'
import { Brand } from '#ui/Brand.tsx'
import classes from './Frame.module.css'
import { PaletteButton } from './PaletteButton.tsx'
import { UserMenu } from './UserMenu.tsx'

const UploadPanel = lazy(async () => ({ default: (await import('#app/inputs/UploadPanel.tsx')).UploadPanel }))

interface Props {
  /** Where one is: after the mark. */
  path?: ReactNode
  /** Links between the pages of where one is. */
  navigation?: ReactNode
  /** At the right, before the menus. */
  tools?: ReactNode
  children: ReactNode
}

/** The slim frame of every page but the workspace. */
export function Frame({ path, navigation, tools, children }: Props) {
  const uploads = useUploads()
  return (
    <>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <header className={classes.header}>
        <div className={classes.path}>
          <Link to="/apps" className={classes.mark} aria-label="Marquee: all apps">
            <Brand />
          </Link>
          {path}
        </div>
        {navigation}
        <div className={classes.tools}>
          <PaletteButton />
          {tools}
          <AwayNotice />
          <UserMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      {uploads.length > 0 && (
        <Suspense>
          <UploadPanel />
        </Suspense>
      )}
    </>
  )
}
