/** A path of google.api.http with variables, and what it leads to. */
export interface Route<T> {
  /** Upper case. */
  readonly verb: string
  /** `/v2/users/{user_app_id.user_id}/apps`; a variable fills exactly one segment. */
  readonly template: string
  readonly target: T
}

export interface Match<T> {
  readonly target: T
  /** Values by the variable's field path, decoded. */
  readonly variables: ReadonlyMap<string, string>
}

/** What a path and verb lead to. `undefined` = no such path; `verbs` = the path is there for these only. */
export type Found<T> = Match<T> | { readonly verbs: readonly string[] } | undefined

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  variable: Node<T> | undefined
  readonly ends: Map<string, { readonly target: T; readonly names: readonly string[] }>
}

const newNode = <T>(): Node<T> => ({ literals: new Map(), variable: undefined, ends: new Map() })

/**
 * Finds routes by path. At each segment a literal wins over a variable, going back to the variable when the literal
 * leads nowhere. Of two routes with one shape and verb the first stays.
 * Source: google/api/http.proto; the templates here have no `*`, `**` or custom verbs.
 */
export class Routes<T> {
  readonly #root = newNode<T>()

  /** @returns false if another route has its place already */
  add(route: Route<T>): boolean {
    const names: string[] = []
    let node = this.#root
    for (const segment of segmentsOf(route.template)) {
      const name = /^\{([^}=]+)\}$/.exec(segment)?.[1]
      if (name === undefined) {
        const next = node.literals.get(segment) ?? newNode<T>()
        node.literals.set(segment, next)
        node = next
      } else {
        names.push(name)
        node.variable ??= newNode<T>()
        node = node.variable
      }
    }
    if (node.ends.has(route.verb)) return false
    node.ends.set(route.verb, { target: route.target, names })
    return true
  }

  /** @param path without query. @throws URIError if a segment is not percent-encoded UTF-8 */
  find(verb: string, path: string): Found<T> {
    const segments = segmentsOf(path).map(decodeURIComponent)
    const verbs = new Set<string>()
    const found = this.#descend(this.#root, { verb, segments, verbs }, 0, [])
    if (found !== undefined) return found
    return verbs.size > 0 ? { verbs: [...verbs] } : undefined
  }

  #descend(
    node: Node<T>,
    asked: { readonly verb: string; readonly segments: readonly string[]; readonly verbs: Set<string> },
    at: number,
    values: readonly string[],
  ): Match<T> | undefined {
    const segment = asked.segments[at]
    if (segment === undefined) {
      for (const verb of node.ends.keys()) asked.verbs.add(verb)
      const end = node.ends.get(asked.verb)
      if (end === undefined) return undefined
      return { target: end.target, variables: new Map(end.names.map((name, i) => [name, values[i] ?? ''])) }
    }
    const literal = node.literals.get(segment)
    const byLiteral = literal && this.#descend(literal, asked, at + 1, values)
    if (byLiteral !== undefined) return byLiteral
    if (node.variable === undefined || segment === '') return undefined
    return this.#descend(node.variable, asked, at + 1, [...values, segment])
  }
}

/** A slash at the end changes nothing. */
const segmentsOf = (path: string): string[] => path.replace(/^\//, '').replace(/\/$/, '').split('/')
