import { beforeAll, expect, test } from 'vitest'
import { clouds, SMALL, strangers } from '../../ensemble/ensemble.testkit.ts'
import { type FittedEnsemble, fitEnsemble } from '../../ensemble/index.ts'
import { randomOf } from '../../index.ts'
import { writeOnnx } from '../onnx/index.ts'
import { canonical, digestOf } from './canonical.ts'
import { readModel, writeModel } from './file.ts'
import { type ModelRecord, modelCard, modelOfMember } from './index.ts'

const NAMES = ['x', 'y', 'z']
let fitted: FittedEnsemble
let text: string

beforeAll(async () => {
  const { x, codes } = clouds(300, 5)
  fitted = await fitEnsemble(x, codes, 3, { ...SMALL, trees: 5, rounds: 5 })
  text = await writeModel(record())
})

test('a file gives the same ensemble again, to the bit', async () => {
  const { model } = await readModel(text)
  if (model.kind !== 'ensemble') throw new Error('another kind')
  for (const rows of [clouds(200, 6).x, strangers(20, 7)])
    expect(model.model.judge(rows)).toEqual(fitted.ensemble.judge(rows))
  expect(await writeModel({ ...record(), model })).toBe(text)
})

test('members are exported one by one', async () => {
  for (const member of fitted.ensemble.parts.members)
    expect(writeOnnx(modelOfMember(member)).length).toBeGreaterThan(100)
})

test('the card says what is joined, how, and when it declines', async () => {
  const card = modelCard(await readModel(text))
  expect(card).toContain('ensemble of classifiers')
  for (const kind of ['random-forest', 'boosted-trees', 'mlp-classifier'])
    expect(card).toMatch(new RegExp(`\\| ${kind} \\| -?[\\d.]+ \\|`))
})

test('whatever a file says, it is read or refused with a code', async () => {
  const random = randomOf(11)
  const body = () => (JSON.parse(text) as { body: Body }).body
  let refused = 0
  for (let round = 0; round < 60; round++) {
    const broken = body()
    spoil(broken, random.below, round)
    const file = {
      format: 'ringwall-model',
      version: 2,
      digest: await digestOf(canonical(broken as never)),
      body: broken,
    }
    try {
      const { model } = await readModel(JSON.stringify(file))
      if (model.kind === 'ensemble') model.model.judge(strangers(3, 8))
    } catch (error) {
      expect(error).toMatchObject({ name: 'LearnError', code: expect.stringMatching(/^[a-z_]+$/) })
      refused++
    }
  }
  expect(refused).toBeGreaterThan(40)
})

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

function record(): ModelRecord {
  return {
    model: { kind: 'ensemble', model: fitted.ensemble },
    schema: NAMES.map(name => ({ name, kind: 'number', role: 'feature', missing: 0 }) as const),
    preprocessing: { steps: NAMES.map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null })) },
    classes: ['a', 'b', 'c'],
    training: { rows: 300, seed: 1, options: {}, data: 'ab12', date: '2026-01-02T03:04:05Z' },
  }
}
