import type { Attack } from './attack.ts'
import { smuggled } from './smuggled.ts'

/** Between two messages, ms. */
const GAP = 150

/**
 * Sends messages that one reader takes for something else than another: a key twice, a number beyond every double, an escaped
 * key, overlong UTF-8, deep nesting and the like. Effect: such messages that reached the observer.
 */
export const schemaSmuggling: Attack = {
  name: 'schema-smuggling',
  technique: 'T1692.002',
  title: 'Smuggle values past the reader of a message',
  expected: 'schema',
  alone: false,
  steals: 'pressure-2',
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    // One legal message for all of them: what is refused teaches nobody its number.
    const legal = range.honest('')
    const marks = new Map<number, ReturnType<typeof range.mark>>()
    const variants = smuggled(variant => {
      const mark = range.mark()
      marks.set(variant, mark)
      return { ...legal, trace: mark.marker }
    })
    const messages = variants.map(({ payload }, i) => range.telemetry(payload, i + 1))
    const attempts = await range.deliver(4, messages, GAP)
    const through = variants.filter((_, i) => (marks.get(i)?.sighting.count ?? 0) > 0).map(({ name }) => name)
    const which = through.length > 0 ? ` (${through.join('; ')})` : ''
    return { attempts, effect: through.length, detail: `${through.length} of ${attempts} arrived${which}` }
  },
}
