import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from '../base/certificates.ts'
import { freePort, Server } from '../base/child.ts'
import { CIPHER, GROUP } from '../base/tls.ts'
import type { Peer } from './peer.ts'

/** Starts haproxy with one thread, ending mutual TLS and passing the bytes to `upstreamPort`. It logs nothing. */
export async function startHaproxy(folder: string, upstreamPort: number): Promise<Peer> {
  const own = join(folder, `haproxy-${upstreamPort}`)
  mkdirSync(own, { recursive: true })
  const port = await freePort()
  const config = join(own, 'haproxy.cfg')
  writeFileSync(
    config,
    `global
  nbthread 1
  maxconn 9000
  ssl-default-bind-ciphersuites ${CIPHER}
defaults
  mode tcp
  maxconn 9000
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen mqtts
  bind 127.0.0.1:${port} backlog 4096 ssl crt ${join(folder, FILES.bundle)} ca-file ${join(folder, FILES.ca)} verify required ssl-min-ver TLSv1.3 curves ${GROUP}
  server broker 127.0.0.1:${upstreamPort}
`,
  )
  const server = await Server.start('haproxy', 'haproxy', ['-db', '-f', config], port, own)
  return { name: 'haproxy', port, pid: server.pid, check: () => server.check(), stop: () => server.stop() }
}
