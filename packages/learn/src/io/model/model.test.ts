import { expect, test, vi } from 'vitest'
import { everyModel } from '../models.testkit.ts'
import { tableOf } from '../table/index.ts'
import { canonical, digestOf } from './canonical.ts'
import { readModel, writeModel } from './file.ts'
import { learnPreprocessing, modelCard, preprocess } from './index.ts'
import { bodyOf, fileOf, recordOf } from './model.testkit.ts'
import { modelOf, partsOf } from './parts.ts'
import { loadArray, storeArray } from './tensors.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const MODELS = everyModel()

test.each(MODELS)('a file gives the same model again, to the bit: $name', async ({ each, said }) => {
  const text = await writeModel(recordOf(each))
  const { model, digest, ...rest } = await readModel(text)
  expect(model.kind).toBe(each.kind)
  expect(Array.from(said(model))).toEqual(Array.from(said(each)))
  const { model: _, ...given } = recordOf(each)
  expect(rest).toEqual(given)
  expect(await writeModel({ ...rest, model })).toBe(text)
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
})

test('a model of more rows than a million is read back', async () => {
  const record = recordOf(MODELS[0]!.each)
  const training = { ...record.training, rows: 20_000_000, classRows: [19_000_000, 1_000_000] }
  const read = await readModel(await writeModel({ ...record, training }))
  expect(read.training).toEqual(training)
})

test('the layout of a file may change, and nothing else', async () => {
  const text = await writeModel(recordOf(MODELS[0]!.each))
  const laidOut = JSON.stringify(JSON.parse(text), null, 2)
  expect((await readModel(laidOut)).digest).toBe((await readModel(text)).digest)
  const changes: [string, (file: Record<string, never>) => void, string][] = [
    ['threshold', file => Object.assign(file['body']!['calibration'], { threshold: 0.7 }), 'model_digest'],
    ['class', file => Object.assign(file['body']!, { classes: ['good', 'bad'] }), 'model_digest'],
    ['weights', file => Object.assign(file['body']!['tensors']![1], { data: 'AAAA' }), 'model_digest'],
    ['version', file => Object.assign(file, { version: 1 }), 'model_version'],
    ['format', file => Object.assign(file, { format: 'x' }), 'model_malformed'],
    ['body', file => Object.assign(file, { body: null }), 'model_malformed'],
  ]
  for (const [, change, expected] of changes) {
    const file = JSON.parse(text) as Record<string, never>
    change(file)
    await expect(readModel(JSON.stringify(file))).rejects.toThrow(code(expected))
  }
  for (const broken of ['', 'null', '[]', text.slice(0, -20)])
    await expect(readModel(broken)).rejects.toThrow(code('model_malformed'))
})

test('a file whose digest is right and whose shapes are wrong is refused', async () => {
  const body = await bodyOf(MODELS[0]!.each)
  const rebuilt = async (change: (body: Record<string, never>) => void): Promise<string> => {
    const changed = structuredClone(body)
    change(changed as Record<string, never>)
    return fileOf(changed)
  }
  const one = await rebuilt(body => Object.assign(body['tensors']![0], { shape: [1] }))
  await expect(readModel(one)).rejects.toThrow(code('model_tensor'))
  const other = await rebuilt(body => Object.assign(body, { kind: 'oracle' }))
  await expect(readModel(other)).rejects.toThrow(code('model_kind'))
  const third = await rebuilt(body => Object.assign(body['options'], { columns: 1 }))
  await expect(readModel(third)).rejects.toThrow(code('model_disagrees'))
  const fourth = await rebuilt(body => Object.assign(body['options'], { baseScore: 'x' }))
  await expect(readModel(fourth)).rejects.toThrow(code('model_options'))
  for (const name of ['schema', 'preprocessing', 'classes', 'training', 'tensors', 'options']) {
    const missing = await rebuilt(body => Object.assign(body, { [name]: 7 }))
    await expect(readModel(missing)).rejects.toThrow(code('model_malformed'))
  }
})

test('options of a net that are none are refused', () => {
  const arrays = partsOf(MODELS.find(({ name }) => name === 'autoencoder')!.each).arrays
  const read = (options: object) => () => modelOf({ kind: 'autoencoder', options, arrays })
  expect(read({ inputs: 5 })).toThrow(code('model_options'))
  expect(read({ inputs: 5, hidden: [60_000, 60_000] })).toThrow(code('model_options'))
  expect(read({ inputs: 5, hidden: [8, 3, 8], activation: 'tanh', norm: false })).toThrow(code('weights_wrong'))
})

test.each([
  ['mlp-classifier', { inputs: 1, hidden: [20_000], classes: 60_000 }],
  ['mlp-regressor', { inputs: 1, hidden: [20_000], outputs: 60_000 }],
  ['autoencoder', { inputs: 60_000, hidden: [1, 20_000] }],
  ['forecaster', { kind: 'gru', steps: 2, features: 600, units: 100, horizon: 60_000 }],
  ['reconstructor', { kind: 'lstm', steps: 2, features: 1, units: 100, code: 60_000 }],
  ['forecaster', { kind: 'transformer', steps: 60_000, features: 1, units: 100 }],
  ['reconstructor', { kind: 'transformer', steps: 2, features: 60_000, units: 2, code: 60_000 }],
] as const)('no memory is taken for a %s that is larger than its file: %j', (kind, options) => {
  const arrays = [{ name: 'layer0.weight', shape: [100_000], data: new Float32Array(100_000) }]
  expect(() => modelOf({ kind, options, arrays })).toThrow(code('model_options'))
})

test('what lies too deep is refused, and does not overflow the stack', async () => {
  const file = (depth: number) =>
    `{"format":"ringwall-model","version":2,"digest":"","body":${'['.repeat(depth)}${']'.repeat(depth)}}`
  for (const depth of [101, 9_000, 300_000])
    await expect(readModel(file(depth))).rejects.toThrow(code('model_malformed'))
  await expect(readModel(file(100))).rejects.toThrow(code('model_digest'))
})

test('the digest is SHA-256 over RFC 8785', async () => {
  expect(canonical({ b: [1, 'ä'], a: null, c: undefined })).toBe('{"a":null,"b":[1,"ä"]}')
  expect(await digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(() => canonical(Number.NaN)).toThrow(code('model_value'))
})

test('arrays are kept as they are', () => {
  const data = Float32Array.of(1.5, Number.NaN, -0, 3e38)
  const again = loadArray(storeArray({ name: 'a', shape: [2, 2], data }))
  expect(again).toEqual({ name: 'a', shape: [2, 2], data })
  const stored = storeArray({ name: 'a', shape: [4], data })
  for (const broken of [{ shape: [3] }, { data: '*' }, { type: 'f16' }, { shape: [-4] }])
    expect(() => loadArray({ ...stored, ...broken } as typeof stored)).toThrow(code('model_tensor'))
})

test('where the language has no base64 yet, what is written and read is the same', () => {
  const array = { name: 'a', shape: [30_000], data: Int32Array.from({ length: 30_000 }, (_, i) => i * 65_537) }
  const stored = storeArray(array)
  vi.stubGlobal('Uint8Array', class extends Uint8Array<ArrayBuffer> {})
  Object.defineProperty(Uint8Array, 'fromBase64', { value: undefined })
  Object.defineProperty(Uint8Array.prototype, 'toBase64', { value: undefined })
  const atob = vi.spyOn(globalThis, 'atob')
  try {
    expect(storeArray(array)).toEqual(stored)
    expect(Array.from(loadArray(stored).data)).toEqual(Array.from(array.data))
    expect(atob).toHaveBeenCalledOnce()
  } finally {
    atob.mockRestore()
    vi.unstubAllGlobals()
  }
})

test('columns become inputs as they were learned', () => {
  const table = tableOf('x;word;t\n1;a;2024-01-01\n;b;2024-01-02\n3;a;2024-01-03\n')
  const learned = learnPreprocessing(table, ['x', 'word'])
  expect(preprocess(learned, table)).toMatchObject({
    columns: 3,
    data: Float32Array.of(1, 1, 0, Number.NaN, 0, 1, 3, 1, 0),
  })
  const other = tableOf('word;x\nc;7\na;8\n')
  expect(preprocess(learned, other).data).toEqual(Float32Array.of(7, 0, 0, 8, 1, 0))
  expect(() => preprocess(learned, tableOf('x\n1\n2\n'))).toThrow(code('column_unknown'))
  expect(() => preprocess(learned, tableOf('x;word\nq;a\nr;b\n'))).toThrow(code('column_kind'))
  expect(() => learnPreprocessing(table, ['t'])).toThrow(code('column_no_feature'))
  const many = tableOf(`id\n${Array.from({ length: 80 }, (_, i) => `w${i % 40}`).join('\n')}\n`)
  expect(learnPreprocessing(many, ['id']).steps[0]).toMatchObject({
    kind: 'frequency',
    shares: new Array(40).fill(1 / 40),
  })
  const some = Int32Array.from({ length: 50 }, (_, i) => i)
  expect(learnPreprocessing(many, ['id'], some).steps[0]).toMatchObject({
    shares: expect.arrayContaining([2 / 50, 1 / 50]),
  })
})

test('the card says what the file says, and markup in names stays text', async () => {
  const card = modelCard(await readModel(await writeModel(recordOf(MODELS[0]!.each))))
  expect(card).toContain('| Training rows | 300 |')
  expect(card).toContain('| x&#124;&#60;b&#62; | number | feature | -1 to 2.5 | 3 |')
  expect(card).toContain('| accuracy | 0.97 |')
  expect(card).not.toContain('<b>')
})
