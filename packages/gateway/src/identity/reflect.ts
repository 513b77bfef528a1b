/**
 * The four functions of the metadata proposal that `@peculiar/x509`'s container looks for at its import, with their real meaning
 * for classes. A loaded `reflect-metadata` stays in place. Import this file before `@peculiar/x509`.
 */
const known = new WeakMap<object, Map<unknown, unknown>>()

const own = (key: unknown, target: object): unknown => known.get(target)?.get(key)

function define(key: unknown, value: unknown, target: object): void {
  const entries = known.get(target) ?? new Map<unknown, unknown>()
  known.set(target, entries.set(key, value))
}

function inherited(key: unknown, target: object): unknown {
  for (let each: object | null = target; each !== null; each = Object.getPrototypeOf(each)) {
    if (known.get(each)?.has(key)) return own(key, each)
  }
  return undefined
}

const metadata = (key: unknown, value: unknown) => (target: object) => define(key, value, target)

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata: inherited, getOwnMetadata: own, defineMetadata: define, metadata })
}
