import type { Shape } from '../shape.ts'

/** The shapes that are applied to the same value as the shape itself. */
export function inPlace(shape: Shape): readonly Shape[] {
  const single = [shape.not, shape.if, shape.then, shape.else].filter(one => one !== undefined)
  const dependent = shape.dependentSchemas?.values() ?? []
  return [...(shape.allOf ?? []), ...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...single, ...dependent]
}

/** A shape that cannot be judged: it is applied to the same value again and again, or begins too long a chain of such. */
export interface Unending {
  readonly shape: Shape
  readonly why: 'loop' | 'depth'
}

/**
 * The first shape that, by references, is applied to the same value for ever or through more than `deepest` others; null where
 * there is none. Neither it nor any validator takes more of the stack than that.
 */
export function findUnending(shapes: Iterable<Shape>, deepest: number): Unending | null {
  // How many shapes the longest chain from a shape has, itself included.
  const lengths = new Map<Shape, number>()
  const within = new Set<Shape>()
  const visit = (shape: Shape): number | Unending => {
    if (within.has(shape)) return { shape, why: 'loop' }
    const known = lengths.get(shape)
    if (known !== undefined) return known
    if (within.size >= deepest) return { shape, why: 'depth' }
    within.add(shape)
    let length = 1
    for (const next of inPlace(shape)) {
      const found = visit(next)
      if (typeof found !== 'number') return found
      length = Math.max(length, found + 1)
    }
    within.delete(shape)
    lengths.set(shape, length)
    return length > deepest ? { shape, why: 'depth' } : length
  }
  for (const shape of shapes) {
    const found = visit(shape)
    if (typeof found !== 'number') return found
  }
  return null
}
