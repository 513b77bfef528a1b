import { posix } from 'node:path'
import { circles } from './circles.ts'
import { type Import, importsOf } from './imports.ts'
import type { Offence } from './offence.ts'
import { readPackages, readSources, type Source } from './sources.ts'
import { PACKAGES, ROOMS, ROOMY_PACKAGE, type Wall } from './wall-table.ts'

/** Where an import leads, as far as the walls care. */
type Target =
  | { readonly kind: 'file'; readonly path: string; readonly room: string }
  | { readonly kind: 'package' | 'npm' | 'builtin' | 'outside'; readonly name: string }

const SOURCE = /^packages\/([^/]+)\/src\/(.+)$/
const TESTED = /\.test(kit)?\.ts$/

/** Reads the checkout and judges the imports of every packages/<name>/src. */
export function judgeCheckout(root: string): Offence[] {
  const sources = readSources(root, 'packages', path => SOURCE.test(path) && path.endsWith('.ts') && !TESTED.test(path))
  return judge(sources, readPackages(root))
}

/** Judges sources; `packages` gives the folder of each workspace package by its name. */
export function judge(sources: readonly Source[], packages: ReadonlyMap<string, string>): Offence[] {
  const offences: Offence[] = []
  const edges = new Map<string, { to: string; line: number }[]>()
  for (const source of sources) {
    const out: { to: string; line: number }[] = []
    edges.set(source.path, out)
    for (const one of importsOf(source.text)) {
      const complain = (rule: string, advice: string) =>
        offences.push({ path: source.path, line: one.line, rule, advice })
      if (one.specifier === undefined) {
        complain('a computed import cannot be judged', 'write the name as a literal')
        continue
      }
      const target = resolve(source.path, one.specifier, packages)
      if (target.kind === 'file') out.push({ to: target.path, line: one.line })
      judgeOne(source.path, one, target, complain)
    }
  }
  return [...offences, ...circles(edges)]
}

function judgeOne(from: string, one: Import, target: Target, complain: (rule: string, advice: string) => void): void {
  const [, folder, inside] = SOURCE.exec(from)!
  if (target.kind === 'outside') {
    complain(`${one.specifier} leaves packages/${folder}/src`, 'import another package by its name')
    return
  }
  if (target.kind === 'file' && !target.path.endsWith('.ts') && !target.path.endsWith('.json')) {
    complain(`${one.specifier} has no ending`, 'end relative imports in .ts')
  }
  const inHouse = PACKAGES[folder]
  if (inHouse !== undefined) judgeOutward(`packages/${folder}`, inHouse, target, complain)
  if (folder !== ROOMY_PACKAGE) return

  const room = roomOf(inside)
  const wall = ROOMS[room]
  if (wall === undefined) {
    complain(`${room} is not a known room`, 'give it a line in scripts/wall-table.ts')
    return
  }
  judgeOutward(room, wall, target, complain)
  if (target.kind !== 'file' || target.room === room || wall.rooms.includes(target.room)) return
  if (wall.types?.includes(target.room)) {
    if (one.kind === 'type') return
    complain(`${room} may import ${target.room} as types only`, 'use `import type`, and take the value as a parameter')
  } else {
    complain(`${room} may not import ${target.room}`, remedy(wall))
  }
}

function judgeOutward(
  who: string,
  wall: Omit<Wall, 'rooms'>,
  target: Target,
  complain: (rule: string, advice: string) => void,
): void {
  if (target.kind === 'package' && wall.packages?.includes(target.name) === false) {
    const allowed = wall.packages.length === 0 ? 'no other package' : `only ${wall.packages.join(', ')}`
    complain(`${who} may not import ${target.name}`, `it may import ${allowed} of this workspace`)
  } else if (target.kind === 'npm' && wall.npm === false) {
    complain(`${who} may not import ${target.name}`, 'it has no dependencies: write it here or move the code elsewhere')
  } else if (target.kind === 'builtin' && wall.builtins === false) {
    complain(`${who} may not import ${target.name}`, 'it does no input or output: take what it needs as a parameter')
  }
}

function remedy(wall: Wall): string {
  const allowed = wall.rooms.length === 0 ? 'no room' : wall.rooms.join(', ')
  return `it may import ${allowed}; take the value as a parameter, or move what both need beneath`
}

function resolve(from: string, specifier: string, packages: ReadonlyMap<string, string>): Target {
  if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier }
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier)
    const folder = SOURCE.exec(from)![1]
    const [, toFolder, inside] = SOURCE.exec(path) ?? []
    if (toFolder !== folder) return { kind: 'outside', name: specifier }
    return { kind: 'file', path, room: roomOf(inside) }
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  return { kind: packages.has(name) ? 'package' : 'npm', name }
}

function roomOf(inside: string): string {
  return inside.split('/')[0]
}
