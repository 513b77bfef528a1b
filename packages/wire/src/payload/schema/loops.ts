import type { Shape } from '../shape.ts'

/** The shapes that are applied to the same value as the shape itself. */
export function inPlace(shape: Shape): readonly Shape[] {
  const single = [shape.not, shape.if, shape.then, shape.else].filter(one => one !== undefined)
  const dependent = shape.dependentSchemas?.values() ?? []
  return [...(shape.allOf ?? []), ...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...single, ...dependent]
}

/** A shape that, by references, is applied to the same value again and again; null where there is none. */
export function findLoop(shapes: Iterable<Shape>): Shape | null {
  const done = new Set<Shape>()
  const within = new Set<Shape>()
  const visit = (shape: Shape): Shape | null => {
    if (within.has(shape)) return shape
    if (done.has(shape)) return null
    within.add(shape)
    for (const next of inPlace(shape)) {
      const found = visit(next)
      if (found !== null) return found
    }
    within.delete(shape)
    done.add(shape)
    return null
  }
  for (const shape of shapes) {
    const found = visit(shape)
    if (found !== null) return found
  }
  return null
}
