import fc from 'fast-check'
import { expect, test } from 'vitest'
import { disagreement } from '../../../fuzz/payload/disagreement.ts'
import { json } from '../../../fuzz/payload/json.ts'
import { Random } from '../../../fuzz/random.ts'

test('the verdict is that of JSON.parse and ajv on random schemas and instances', () => {
  let good = 0
  let runs = 0
  fc.assert(
    fc.property(fc.integer(), seed => {
      const random = new Random(seed)
      const judged = json.generate(seed)
      for (let i = 0; i < 20; i++) {
        const made = json.encode(judged, random)
        const bytes = i % 2 === 0 ? made : json.mutate(made, random)
        const { why, code } = disagreement(json, judged, bytes)
        const context = `${JSON.stringify(judged.schema)} ${new TextDecoder().decode(bytes)}`
        expect(why, context).toBe(null)
        runs++
        if (code === null) good++
      }
    }),
    { seed: 1, numRuns: 300 },
  )
  expect(good).toBeGreaterThan(runs / 10)
})
