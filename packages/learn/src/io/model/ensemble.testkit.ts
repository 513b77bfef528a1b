import { expect } from 'vitest'
import { randomOf } from '../../index.ts'
import type { AnyModel } from './any.ts'
import { canonical, digestOf } from './canonical.ts'
import { readModel } from './file.ts'
import type { LoadedModel, ModelRecord } from './record.ts'

const NAMES = ['x', 'y', 'z']

/** A record around a model of three columns and classes. */
export function recordOfThree(model: AnyModel): ModelRecord {
  return {
    model,
    schema: NAMES.map(name => ({ name, kind: 'number', role: 'feature', missing: 0 }) as const),
    preprocessing: { steps: NAMES.map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null })) },
    classes: ['a', 'b', 'c'],
    training: { rows: 300, seed: 1, options: {}, data: 'ab12', date: '2026-01-02T03:04:05Z' },
  }
}

/** How many spoiled copies of a file are refused. One that is not must judge without an error of another kind. */
export async function refusedOf(text: string, rounds: number, judge: (loaded: LoadedModel) => void): Promise<number> {
  const random = randomOf(11)
  let refused = 0
  for (let round = 0; round < rounds; round++) {
    const { body, ...around } = JSON.parse(text) as { body: Body }
    spoil(body, random.below, round)
    const digest = await digestOf(canonical(body as never))
    try {
      judge(await readModel(JSON.stringify({ ...around, digest, body })))
    } catch (error) {
      expect(error).toMatchObject({ name: 'LearnError', code: expect.stringMatching(/^[a-z_]+$/) })
      refused++
    }
  }
  return refused
}

interface Body {
  options: Record<string, unknown>
  tensors: { name: string; type: string; shape: number[]; data: string }[]
}

/** Takes out, shortens, renames or overwrites one tensor, or one option. */
function spoil({ options, tensors }: Body, below: (count: number) => number, round: number): void {
  const at = below(tensors.length)
  const tensor = tensors[at]!
  const name = Object.keys(options)[below(Object.keys(options).length)]!
  const ways = [
    () => tensors.splice(at, 1),
    () => Object.assign(tensor, { shape: [0], data: '' }),
    () => Object.assign(tensor, { name: 'else' }),
    () => Object.assign(tensor, { data: btoa('\u00ff'.repeat(atob(tensor.data).length)) }),
    () => delete options[name],
    () => Object.assign(options, { [name]: [7, 'x', {}, [], null, -1][below(6)] }),
  ]
  ways[round % ways.length]!()
}
