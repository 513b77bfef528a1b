import { canonical, digestOf, type Json } from './canonical.ts'
import { loadArray, storeArray } from './tensors.ts'

/** A body with its digest put right, as somebody would who crafts a file. */
export async function crafted(body: Json): Promise<string> {
  return JSON.stringify({ format: 'ringwall-model', version: 2, digest: await digestOf(canonical(body)), body })
}

/** A body that was changed, and how. */
export interface Mutation {
  readonly what: string
  readonly body: Json
}

/** Each field left out, each number made another, each list made shorter, everywhere in the body. */
export function* mutationsOf(body: Json): Generator<Mutation> {
  const copy = () => structuredClone(body) as Json
  function* within(value: Json, path: readonly (string | number)[]): Generator<Mutation> {
    const at = path.join('.')
    const put = (change: (holder: Record<string, unknown>, name: string) => void): Json => {
      const whole = copy()
      const holder = path.slice(0, -1).reduce<unknown>((each, name) => (each as Record<string, unknown>)[name], whole)
      change(holder as Record<string, unknown>, String(path.at(-1)))
      return whole
    }
    const set = (other: unknown): Json => put((holder, name) => Object.assign(holder, { [name]: other }))
    if (path.length > 0 && typeof path.at(-1) === 'string')
      yield { what: `${at} left out`, body: put((holder, name) => Reflect.deleteProperty(holder, name)) }
    if (typeof value === 'number')
      for (const other of ['NaN', -1, 0, 0.5, 1e9, 1e300, -1e300, 5e-324, null])
        if (other !== value) yield { what: `${at} is ${other}`, body: set(other) }
    if (typeof value === 'string')
      for (const other of ['', 'oracle', 7]) yield { what: `${at} is '${other}'`, body: set(other) }
    if (Array.isArray(value)) {
      yield { what: `${at} is shorter`, body: set(value.slice(0, -1)) }
      yield { what: `${at} is longer`, body: set([...value, value[0] ?? 1]) }
    }
    if (typeof value !== 'object' || value === null) return
    for (const [name, each] of Object.entries(value))
      if (each !== undefined) yield* within(each, [...path, Array.isArray(value) ? Number(name) : name])
  }
  yield* within(body, [])
}

/** Each tensor with other numbers, whose shape is right. */
export function* tensorMutationsOf(body: Json): Generator<Mutation> {
  const { tensors } = body as unknown as { tensors: Parameters<typeof loadArray>[0][] }
  for (const [i, stored] of tensors.entries()) {
    const { name, data } = loadArray(stored)
    const others = [
      data.slice(0, -1),
      ...[Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 3e38, -3e38, 1e300].map(value => data.slice().fill(value)),
      ...[Number.NaN, -1, 1e9, 1e39].map(value => data.slice().fill(value, data.length - 1)),
    ]
    for (const other of others) {
      const changed = tensors.with(i, storeArray({ name, shape: [other.length], data: other }))
      yield {
        what: `tensor ${name}: ${other.at(-1)}`,
        body: { ...(body as object), tensors: changed } as unknown as Json,
      }
    }
  }
}
