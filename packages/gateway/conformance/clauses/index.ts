import { asideClauses } from './aside.ts'
import { bothClauses, SHARED_WITH_FIVE } from './both.ts'
import type { Clause } from './clause.ts'
import { derivedClauses } from './derived.ts'
import { fiveClauses } from './five.ts'
import { fiveServerClauses } from './five-server.ts'
import { threeClauses } from './three.ts'

const shared = (clause: Clause): Clause =>
  SHARED_WITH_FIVE.includes(clause.id) ? { ...clause, versions: [4, 5] } : clause

const numbers = (id: string): number[] => (id.match(/\d+/g) ?? []).map(Number)

function byNumber(one: Clause, other: Clause): number {
  const a = numbers(one.id)
  const b = numbers(other.id)
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? -1) - (b[i] ?? -1)
  return one.versions[0] - other.versions[0]
}

/** The clauses that are enforced, in the order of their numbers. */
export const clauses: readonly Clause[] = [
  ...threeClauses.map(shared),
  ...bothClauses,
  ...fiveClauses,
  ...fiveServerClauses,
  ...derivedClauses,
].sort(byNumber)

/** Those that cannot be, with the reason. */
export const unenforced: readonly Clause[] = [...asideClauses].sort(byNumber)
