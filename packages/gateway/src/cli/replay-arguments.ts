import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'

/** The options of `ringwall replay`, as commander reads them. */
export interface ReplayOptions {
  readonly rules?: readonly string[]
  readonly scenarios?: readonly string[]
  readonly profiles?: readonly string[]
  readonly config?: string
  readonly map?: 'client-id'
  readonly role?: readonly string[]
  readonly eve?: string | true
  readonly eveTypes: string
  readonly eveStrings: string
  readonly passwords: boolean
  readonly port?: readonly string[]
  readonly interface?: string
  readonly filter: string
  readonly identity?: string
}

/** First bytes of capture files: classic pcap in both orders with micro- and nanoseconds, and pcapng. */
const MAGICS: ReadonlySet<string> = new Set(['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a'])

/** Whether a file is there and begins like a capture. */
export function isCapture(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false
  const descriptor = openSync(file, 'r')
  const first = Buffer.alloc(4)
  readSync(descriptor, first, 0, 4, 0)
  closeSync(descriptor)
  return MAGICS.has(first.toString('hex'))
}

/**
 * Finds the capture where options that take several values, or may take one, have swallowed it: `--eve plant.pcap` and
 * `--rules a.rules plant.pcap` mean what they look like. Errors: `eve_over_capture`.
 */
export function sortedOut(
  captures: readonly string[],
  options: ReplayOptions,
): { readonly captures: readonly string[]; readonly options: ReplayOptions } {
  if (captures.length > 0 || options.interface !== undefined) return { captures, options: guarded(captures, options) }
  const { eve } = options
  if (typeof eve === 'string' && isCapture(eve)) return { captures: [eve], options: { ...options, eve: true } }
  for (const name of ['rules', 'scenarios', 'profiles', 'role', 'port'] as const) {
    const values = options[name] ?? []
    const capture = values.find(isCapture)
    if (capture === undefined) continue
    const left = values.filter(value => value !== capture)
    return { captures: [capture], options: guarded([capture], { ...options, [name]: left }) }
  }
  return { captures, options }
}

/** What says by what a capture is judged, and how it is told. */
const OF_CAPTURES = ['rules', 'scenarios', 'profiles', 'config', 'map', 'role', 'eve', 'port', 'interface'] as const

/** A recording is judged by what judged it then: who names something else must not believe that it was taken. Errors: `option_unused`. */
export function judgedAsThen(options: ReplayOptions): void {
  const unused = OF_CAPTURES.find(name => options[name] !== undefined)
  if (unused === undefined) return
  const hint = `Leave out --${unused}; \`ringwall whatif\` says what other rules, profiles and configurations would have done.`
  throw new RingwallError('option_unused', 'a recording is judged by the guards that judged it then', hint)
}

/** EVE lines never go over a capture. */
function guarded(captures: readonly string[], options: ReplayOptions): ReplayOptions {
  const { eve } = options
  if (typeof eve !== 'string' || eve === '-' || !(captures.includes(eve) || isCapture(eve))) return options
  const hint = 'Name another file after --eve, or - for standard output.'
  throw new RingwallError('eve_over_capture', `${eve} is a capture and would be written over`, hint)
}
