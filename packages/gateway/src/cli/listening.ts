import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RingwallError, systemCode } from '../base/error.ts'

/** Serves at `HOST:PORT` until SIGINT or SIGTERM; says on standard error where. Errors: `usage`, `listen_failed`. */
export async function serveUntilStopped(server: Server, listen: string, what: string): Promise<string> {
  const [host, port] = addressOf(listen)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(
        new RingwallError(
          'listen_failed',
          `nothing can listen at ${listen} (${systemCode(error)})`,
          'Take another address or port.',
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
  const { address, port: taken } = server.address() as AddressInfo
  process.stderr.write(`${what} at http://${address.includes(':') ? `[${address}]` : address}:${taken}\n`)
  const signal = await new Promise<string>(resolve => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  return signal
}

function addressOf(listen: string): [host: string, port: number] {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(listen)
  const port = Number(found?.[3])
  if (found === null || port > 65_535)
    throw new RingwallError('usage', `'${listen}' is no address`, 'Write --listen 127.0.0.1:8181.')
  return [found[1] ?? found[2] ?? '', port]
}
