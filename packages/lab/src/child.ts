import type { FromChild, ToChild } from './process.ts'
import { perform } from './run.ts'

/** The lab's side of `forkLab`: one run, then the end. It also ends when its parent does. */
const abort = new AbortController()

process.on('message', (message: ToChild) => {
  if (message.kind === 'abort') abort.abort()
  else void run(message.options)
})
process.on('disconnect', () => {
  abort.abort()
  // What hangs on to a dead parent must not stay.
  setTimeout(() => process.exit(1), 5000).unref()
})
// The terminal sends its Ctrl-C to both processes; the parent decides.
process.on('SIGINT', () => {})

async function run(options: Extract<ToChild, { kind: 'run' }>['options']): Promise<void> {
  try {
    const findings = await perform(options, event => tell({ kind: 'event', event }), abort.signal)
    tell({ kind: 'findings', findings })
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
  if (process.disconnect && process.connected) process.disconnect()
}

function tell(message: FromChild): void {
  if (process.send && process.connected) process.send(message)
}
