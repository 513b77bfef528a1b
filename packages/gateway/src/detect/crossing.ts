import { filterCovers, filterMatches } from '@ringwall/wire'
import type { Config } from '../config/index.ts'

/** Findings that say that a role was missing, and the right that was asked for. */
const RIGHTS: Readonly<Record<string, 'publish' | 'subscribe'>> = {
  publish_denied: 'publish',
  will_denied: 'publish',
  command_sender: 'publish',
  subscribe_denied: 'subscribe',
}

/** Which role may do what was refused: one that the speaker does not have, or ''. */
export type Crosses = (roles: readonly string[], code: string, topic: string) => string

/** Compiles the roles of a configuration. Whose device a topic names is not looked at: any device of the role counts. */
export function compileCrossing({ site, roles }: Pick<Config, 'site' | 'roles'>): Crosses {
  const grants = Object.entries(roles).map(([role, { publish, subscribe }]) => {
    const filled = (filters: readonly string[]): string[] =>
      filters.map(each =>
        each
          .replaceAll('${site}', site)
          .replaceAll('${role}', role)
          .replace(/[^/]*\$\{device\}[^/]*/g, '+'),
      )
    return { role, publish: filled(publish), subscribe: filled(subscribe) }
  })
  return (own, code, topic) => {
    const right = RIGHTS[code]
    if (right === undefined || topic === '') return ''
    const holds = right === 'publish' ? filterMatches : filterCovers
    const found = grants.find(each => !own.includes(each.role) && each[right].some(filter => holds(filter, topic)))
    return found?.role ?? ''
  }
}
