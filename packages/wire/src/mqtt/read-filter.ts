import { Reason } from './codes.ts'
import type { Cursor } from './cursor.ts'
import { filterProblem, sharedFilter } from './topic.ts'

/** A topic filter as sent, and split where it names a shared subscription. */
export interface ReadFilter {
  readonly text: string
  readonly filter: string
  readonly share: string
}

/** Reads and checks the topic filter at the cursor; a fault is left in the cursor. */
export function readFilter(cursor: Cursor, utf8Clause: string): ReadFilter {
  const text = cursor.text('topic filter', utf8Clause)
  const problem = cursor.fault === null ? filterProblem(text, cursor.version) : null
  if (problem !== null) {
    const { code, clause, why } = problem
    // Brokers read different filters out of it, so that nothing behind this could say whether the device may have them.
    if (code === 'share_malformed') cursor.suspect(code, clause, why, Reason.TOPIC_FILTER_INVALID, cursor.from)
    else cursor.fail(code, clause, why, Reason.TOPIC_FILTER_INVALID, cursor.from)
  }
  const shared = cursor.version === 5 && cursor.fault === null ? sharedFilter(text) : null
  return shared === null ? { text, filter: text, share: '' } : { text, filter: shared.filter, share: shared.share }
}
