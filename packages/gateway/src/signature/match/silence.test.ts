import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publish, Talk } from '../signature.testkit.ts'

const content = fc
  .tuple(fc.constantFrom('message', 'topic'), fc.constantFrom('ab', 'AB', 'abc', 'cabb', 'bcabca', '|5b|ab'))
  .chain(([buffer, text]) =>
    fc
      .constantFrom('', 'nocase; ', 'startswith; ', 'nocase; startswith; ', 'endswith; ', 'fast_pattern; ')
      .map(modifiers => `mqtt.publish.${buffer}; content:"${text}"; ${modifiers}`),
  )
const rule = fc.oneof(
  content,
  content,
  content,
  fc.tuple(content, content).map(parts => parts.join('').replaceAll('fast_pattern; ', '')),
  fc.constantFrom('dsize:>30; ', 'dsize:<12; ', 'dsize:>30; mqtt.flags:retain; ', 'content:"bcab"; '),
  fc
    .constantFrom('/a[bc]+d/', '/^\\[ab/', '/(abc|cabb)a/i')
    .map(pattern => `mqtt.publish.message; pcre:"${pattern}"; `),
)
const pieces = (maxLength: number) =>
  fc
    .array(fc.constantFrom('a', 'b', 'c', '[', 'x', 'xxx', 'ab', 'AB', '[ab', 'abc', 'cabb', 'bcabca', 'abcd'), {
      maxLength,
    })
    .map(all => all.join(''))

test('what is passed over as silent fires nothing, and most of what fires nothing is passed over', () => {
  const seen = { passed: 0, silent: 0, fired: 0 }
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      pieces(2).map(text => `${text}/x`),
      pieces(9),
      (rules, topic, message) => {
        const lines = rules.map((options, sid) => `alert mqtt any any -> any any (${options}sid:${sid + 1};)`)
        const { engine, flow } = new Talk(lines.join('\n'))
        const about = publish(topic, message)
        const named = engine.named(new TextEncoder().encode(topic))
        const passed = engine.passes(about.bytes, 0, about.end - message.length, about.end, named, flow)
        const hits = engine.inspect(about, flow, 0)
        expect(engine.inspect({ ...about, named }, flow, 0)).toEqual(hits)
        if (passed) expect(hits).toEqual([])
        if (hits.length > 0) seen.fired++
        else if (passed) seen.passed++
        else seen.silent++
      },
    ),
    { seed: 8, numRuns: 3_000 },
  )
  expect(seen.fired).toBeGreaterThan(600)
  expect(seen.passed).toBeGreaterThan(2 * seen.silent)
})
