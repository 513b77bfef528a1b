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
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
    )
  })
  call.on('timeout', () => call.destroy(new Error('timeout')))
  call.on('error', fail)
  call.end()
  return promise
}
