import { fork } from 'node:child_process'
import type { Findings } from './run.ts'
import { scorecard } from './scorecard.ts'
import type { LabEvent, LabOptions, Scorecard } from './types.ts'

/** After an abort the child has so long to clean up, ms. */
const GRACE = 8000

/** What the parent tells the child. */
export type ToChild =
  | { readonly kind: 'run'; readonly options: Omit<LabOptions, 'stoppedBy'> }
  | { readonly kind: 'abort' }

/** What the child tells the parent. */
export type FromChild =
  | { readonly kind: 'event'; readonly event: LabEvent }
  | { readonly kind: 'findings'; readonly findings: Findings }
  | { readonly kind: 'failed'; readonly message: string }

/**
 * `runLab` in a process of its own, so that fleet and attackers do not share the gateway's event loop.
 * `stoppedBy` is asked here, not there.
 */
export async function forkLab(
  options: LabOptions,
  on: (event: LabEvent) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Scorecard> {
  signal.throwIfAborted()
  const { stoppedBy, ...rest } = options
  const { totals, reports } = await inChild(rest, on, signal)
  return scorecard(totals, reports, stoppedBy)
}

function inChild(
  options: Omit<LabOptions, 'stoppedBy'>,
  on: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<Findings> {
  const child = fork(new URL('child.ts', import.meta.url), [], { execArgv: [] })
  const tell = (message: ToChild) => child.connected && child.send(message)
  let kill: NodeJS.Timeout | undefined
  const abort = () => {
    tell({ kind: 'abort' })
    kill = setTimeout(() => child.kill('SIGKILL'), GRACE)
  }
  signal.addEventListener('abort', abort, { once: true })

  return new Promise<Findings>((resolve, reject) => {
    child.on('message', (message: FromChild) => {
      if (message.kind === 'event') on(message.event)
      else if (message.kind === 'findings') resolve(message.findings)
      else reject(signal.aborted ? signal.reason : new Error(message.message))
    })
    child.on('error', reject)
    child.on('exit', (code, how) => {
      clearTimeout(kill)
      signal.removeEventListener('abort', abort)
      reject(signal.aborted ? signal.reason : new Error(`The lab's process ended early (${how ?? code})`))
    })
    tell({ kind: 'run', options })
  })
}
