import { type ComponentType, memo, useState } from 'react'

type Handler = (...args: never[]) => unknown

/**
 * Like `memo`, for a component whose handlers (`on…`, and the functions named) are new each time its parent renders:
 * it keeps the same ones, and what is called is always the parent's latest. Whatever else of its props changes
 * renders it.
 */
export function steady<P extends object>(Component: ComponentType<P>, ...functions: (keyof P & string)[]) {
  const Memoized = memo(Component) as unknown as ComponentType<P>
  const isHandler = (name: string) => /^on[A-Z]/.test(name) || functions.includes(name as keyof P & string)
  return function Steady(props: P) {
    const [kept] = useState(() => ({ latest: props, handlers: new Map<string, Handler>() }))
    kept.latest = props
    const handlers = Object.entries(props).flatMap(([name, value]) => {
      if (typeof value !== 'function' || !isHandler(name)) return []
      const call = (...args: never[]) => (kept.latest as Record<string, Handler>)[name]?.(...args)
      const handler = kept.handlers.get(name) ?? call
      kept.handlers.set(name, handler)
      return [[name, handler] as const]
    })
    return <Memoized {...props} {...(Object.fromEntries(handlers) as Partial<P>)} />
  }
}
