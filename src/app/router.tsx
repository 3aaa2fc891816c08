import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { workspaceSearchOf } from '#app/workspace/filmstrip/imageQueue.ts'
import { Crash } from './Crash.tsx'
import type { Connection } from './connection.ts'
import { gridSearchOf } from './inputs/gridFilter.ts'
import { NotFound } from './NotFound.tsx'
import { PagePending } from './PagePending.tsx'
import { isOrder, type Order } from './review/queueOrder.ts'
import { SignedIn } from './session/SignedIn.tsx'
import { safeReturn } from './session/safeReturn.ts'
import { isTaskState, type TaskState } from './tasks/taskStates.ts'
import { type Group, isGroup } from './work/groups.ts'

const root = createRootRouteWithContext<Connection>()({ notFoundComponent: () => <NotFound />, errorComponent: Crash })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { return?: string } => {
    const back = safeReturn(search.return)
    return back === undefined ? {} : { return: back }
  },
  beforeLoad: async ({ context, search }) => {
    const session = await context.keeper.session().catch(() => undefined)
    if (session?.person) throw redirect({ href: search.return ?? '/apps' })
  },
  component: lazyRouteComponent(() => import('./session/SignInPage.tsx'), 'SignInPage'),
})

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('./session/InvitePage.tsx'), 'InvitePage'),
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/apps' })
  },
})

/** Everything behind the sign-in. Who comes without a session is sent there and brought back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    // whoever is here stays, even when the session has run out meanwhile: the dialog asks them to sign in again
    const app = context.keeper.current ?? context.keeper.enter(await context.keeper.session())
    if (!app) throw redirect({ to: '/sign-in', search: { return: location.href } })
    return { app }
  },
  component: SignedIn,
})

const homeFrame = createRoute({
  getParentRoute: () => signedIn,
  id: 'home',
  component: lazyRouteComponent(() => import('./frame/HomeFrame.tsx'), 'HomeFrame'),
})

const apps = createRoute({
  getParentRoute: () => homeFrame,
  path: '/apps',
  component: lazyRouteComponent(() => import('./apps/AppsPage.tsx'), 'AppsPage'),
})

const account = createRoute({
  getParentRoute: () => homeFrame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/AccountPage.tsx'), 'AccountPage'),
})

const keys = createRoute({
  getParentRoute: () => homeFrame,
  path: '/settings/keys',
  component: lazyRouteComponent(() => import('./keys/KeysPage.tsx'), 'KeysPage'),
})

const appFrame = createRoute({
  getParentRoute: () => signedIn,
  path: '/apps/$user/$app',
  component: lazyRouteComponent(() => import('./frame/AppFrame.tsx'), 'AppFrame'),
})

const overview = createRoute({
  getParentRoute: () => appFrame,
  path: '/',
  component: lazyRouteComponent(() => import('./apps/OverviewPage.tsx'), 'OverviewPage'),
})

const inputs = createRoute({
  getParentRoute: () => appFrame,
  path: '/inputs',
  validateSearch: gridSearchOf,
  component: lazyRouteComponent(() => import('./inputs/InputsPage.tsx'), 'InputsPage'),
})

const concepts = createRoute({
  getParentRoute: () => appFrame,
  path: '/concepts',
  component: lazyRouteComponent(() => import('./concepts/ConceptsPage.tsx'), 'ConceptsPage'),
})

const people = createRoute({
  getParentRoute: () => appFrame,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/PeoplePage.tsx'), 'PeoplePage'),
})

interface ActivitySearch {
  kind?: string
  person?: string
  input?: string
  /** days, as 2026-01-31 */
  from?: string
  to?: string
}

const activity = createRoute({
  getParentRoute: () => appFrame,
  path: '/activity',
  validateSearch: (search: Record<string, unknown>): ActivitySearch =>
    Object.fromEntries(
      ['kind', 'person', 'input', 'from', 'to'].flatMap((name) => {
        const value = search[name]
        return typeof value === 'string' && value !== '' ? [[name, value]] : []
      }),
    ),
  component: lazyRouteComponent(() => import('./activity/ActivityPage.tsx'), 'ActivityPage'),
})

const exportsRoute = createRoute({
  getParentRoute: () => appFrame,
  path: '/exports',
  component: lazyRouteComponent(() => import('./exports/ExportsPage.tsx'), 'ExportsPage'),
})

const appSettings = createRoute({
  getParentRoute: () => appFrame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/AppSettingsPage.tsx'), 'AppSettingsPage'),
})

const work = createRoute({
  getParentRoute: () => appFrame,
  path: '/work',
  validateSearch: (search: Record<string, unknown>): { show?: Group; task?: string } => ({
    ...(isGroup(search.show) ? { show: search.show } : {}),
    ...(typeof search.task === 'string' ? { task: search.task } : {}),
  }),
  component: lazyRouteComponent(() => import('./work/WorkPage.tsx'), 'WorkPage'),
})

const tasks = createRoute({
  getParentRoute: () => appFrame,
  path: '/tasks',
  validateSearch: (search: Record<string, unknown>): { as?: 'board'; new?: true } => ({
    ...(search.as === 'board' ? { as: 'board' as const } : {}),
    ...(search.new === true ? { new: true as const } : {}),
  }),
  component: lazyRouteComponent(() => import('./tasks/TasksPage.tsx'), 'TasksPage'),
})

const task = createRoute({
  getParentRoute: () => appFrame,
  path: '/tasks/$task',
  validateSearch: (search: Record<string, unknown>): { person?: string; show?: TaskState } => ({
    ...(typeof search.person === 'string' ? { person: search.person } : {}),
    ...(isTaskState(search.show) ? { show: search.show } : {}),
  }),
  component: lazyRouteComponent(() => import('./tasks/TaskPage.tsx'), 'TaskPage'),
})

const agreement = createRoute({
  getParentRoute: () => appFrame,
  path: '/tasks/$task/agreement',
  component: lazyRouteComponent(() => import('./consensus/AgreementPage.tsx'), 'AgreementPage'),
})

const review = createRoute({
  getParentRoute: () => appFrame,
  path: '/review',
  validateSearch: (search: Record<string, unknown>): { task?: string; author?: string; order?: Order } => ({
    ...(typeof search.task === 'string' ? { task: search.task } : {}),
    ...(typeof search.author === 'string' ? { author: search.author } : {}),
    ...(isOrder(search.order) ? { order: search.order } : {}),
  }),
  component: lazyRouteComponent(() => import('./review/ReviewPage.tsx'), 'ReviewPage'),
})

/** The workspace has the whole window: it brings its own top bar. */
const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/apps/$user/$app/inputs/$input',
  validateSearch: workspaceSearchOf,
  component: lazyRouteComponent(() => import('#app/workspace/Workspace.tsx'), 'Workspace'),
})

const tree = root.addChildren([
  home,
  signIn,
  invite,
  signedIn.addChildren([
    homeFrame.addChildren([apps, account, keys]),
    appFrame.addChildren([
      overview,
      work,
      review,
      tasks,
      task,
      agreement,
      inputs,
      concepts,
      people,
      exportsRoute,
      activity,
      appSettings,
    ]),
    workspace,
  ]),
])

export function createAppRouter(connection: Connection) {
  return createRouter({
    routeTree: tree,
    context: connection,
    defaultPreload: 'intent',
    defaultPreloadDelay: 60,
    defaultPendingMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: Crash,
    // the workspace scrolls its own lists: what is restored would hold the filmstrip where it was
    scrollRestoration: ({ location }) => !/\/inputs\/[^/]+$/.test(location.pathname),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
