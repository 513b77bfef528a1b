import { RingwallError, systemCode } from '../base/error.ts'
import { problemBlock } from './output.ts'

/**
 * Keeps standard output from ending the process with a stack trace. Who reads no more, as `head` does, has enough; a disk that is
 * full is told on standard error.
 * @returns whether something could not be written
 */
export function guardOutput(): () => boolean {
  let isBroken = false
  process.stdout.on('error', error => {
    if (isBroken || systemCode(error) === 'EPIPE') return
    isBroken = true
    process.exitCode = 2
    const what = `standard output cannot be written (${systemCode(error)})`
    process.stderr.write(problemBlock(new RingwallError('output_unusable', what, 'Send it where there is room.')))
  })
  return () => isBroken
}
