import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { RingwallError, systemCode } from '../base/error.ts'
import { loadConfig } from '../config/index.ts'

/** Where the gateway of a configuration listens for its operator. Errors: `config_unreadable`, `control_off`. */
export function controlPath(file: string): string {
  if (!existsSync(file)) {
    const hint = 'Name the running gateway by --config FILE or --socket PATH.'
    throw new RingwallError('config_unreadable', `${file} does not exist`, hint, { file })
  }
  const { control } = loadConfig(file)
  if (control !== 'off') return control.path
  throw new RingwallError('control_off', 'this gateway has no control socket', 'Set control.path.', {
    file,
    field: 'control',
  })
}

/** Orders something of a running gateway. @returns its answer. Errors: `gateway_unreachable`, and what the gateway said. */
export async function order(socketPath: string, method: 'GET' | 'POST', path: string): Promise<unknown> {
  if (path.length > LONGEST) {
    const hint = 'Shorten the reason, or name fewer at once.'
    throw new RingwallError('order_too_long', 'the order is longer than the gateway reads', hint)
  }
  const { status, body } = await ask(socketPath, method, path)
  if (status === 200) return body
  const { code, what, hint, place } = body as Partial<RingwallError>
  throw new RingwallError(
    code ?? 'refused',
    what ?? `the gateway answered ${status}`,
    hint ?? 'Its log has more.',
    place,
  )
}

/** Characters of an order: Node's server reads a head of 16 KiB, and cuts off without a word who sends more. */
const LONGEST = 8_192

/** Asks a running gateway over its control socket. Errors: `gateway_unreachable`. */
export function ask(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<{ status: number; body: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>()
  const fail = (error: Error): void => {
    const what = `no gateway answers at ${socketPath} (${systemCode(error) || error.message})`
    reject(
      new RingwallError(
        'gateway_unreachable',
        what,
        'Start it with `ringwall up`, and run this as the same user.',
        {},
        error,
      ),
    )
  }
  const call = request({ socketPath, method, path, timeout: 5_000 }, response => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', fail)
    response.on('end', () => {
      const { statusCode: status = 0 } = response
      try {
        resolve({ status, body: JSON.parse(Buffer.concat(chunks).toString()) })
      } catch {
        if (status === 200) fail(new Error('what it answers is no JSON'))
        else resolve({ status, body: {} })
      }
    })
  })
  call.on('timeout', () => call.destroy(new Error('timeout')))
  call.on('error', fail)
  call.end()
  return promise
}
