import type { Offence } from './offence.ts'

type Edges = ReadonlyMap<string, readonly { readonly to: string; readonly line: number }[]>

/** Finds every import circle once, at the import that closes it. */
export function circles(edges: Edges): Offence[] {
  const found: Offence[] = []
  const done = new Set<string>()
  const way: string[] = []

  function visit(path: string): void {
    way.push(path)
    for (const { to, line } of edges.get(path) ?? []) {
      const start = way.indexOf(to)
      if (start !== -1) {
        const round = [...way.slice(start), to].map(step => step.replace(/^packages\//, '')).join(' -> ')
        found.push({
          path,
          line,
          rule: `import circle: ${round}`,
          advice: 'move what both need into a file of its own',
        })
      } else if (!done.has(to)) visit(to)
    }
    way.pop()
    done.add(path)
  }

  for (const path of edges.keys()) if (!done.has(path)) visit(path)
  return found
}
