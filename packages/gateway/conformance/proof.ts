import type { Clause } from './clauses/clause.ts'
import { talks, vectors } from './vectors/index.ts'

/** What shows that a clause is kept: streams and talks that break it and are refused by it, and legal ones that come close. */
export interface Proof {
  readonly refused: readonly string[]
  readonly legal: readonly string[]
}

/** The proof of a clause in one of its versions, or in all. */
export function proofOf(clause: Clause, version?: number): Proof {
  const id = clause.via ?? clause.id
  const about = [...vectors, ...talks].filter(each => {
    return (
      each.clause === id && (version === undefined ? clause.versions.includes(each.version) : each.version === version)
    )
  })
  return {
    refused: about.filter(({ expect }) => clause.codes.includes(expect)).map(({ name }) => name),
    legal: about.filter(({ expect }) => expect === 'accept').map(({ name }) => name),
  }
}
