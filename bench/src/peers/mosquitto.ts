import { mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { FILES } from '../base/certificates.ts'
import { freePort, Server } from '../base/child.ts'
import { CIPHER } from '../base/tls.ts'
import type { Peer } from './peer.ts'

/** A mosquitto with a TLS listener for devices and a plain one for an upstream's clients and for counting. */
export interface Mosquitto extends Peer {
  /** The plain listener's port. */
  readonly plainPort: number
}

/**
 * Starts mosquitto at its quickest: no log, no persistence, no delay on its sockets, settings by listener. The TLS
 * listener asks for a client certificate and holds each device to its own topics by an ACL file; the plain one lets
 * everybody do everything. `$SYS` counters come every second.
 */
export async function startMosquitto(folder: string, name = 'mosquitto'): Promise<Mosquitto> {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  const port = await freePort()
  const plainPort = await freePort()
  writeFileSync(join(own, 'acl'), 'pattern readwrite plant/%u/#\n', { mode: 0o600 })
  writeFileSync(
    join(own, 'mosquitto.conf'),
    `per_listener_settings true
user ${userInfo().username}
log_dest none
persistence false
sys_interval 1
set_tcp_nodelay true
max_queued_messages 0

listener ${port} 127.0.0.1
cafile ${join(folder, FILES.ca)}
certfile ${join(folder, FILES.server)}
keyfile ${join(folder, FILES.serverKey)}
tls_version tlsv1.3
ciphers_tls1.3 ${CIPHER}
require_certificate true
use_identity_as_username true
acl_file ${join(own, 'acl')}

listener ${plainPort} 127.0.0.1
allow_anonymous true
`,
  )
  const server = await Server.start(name, 'mosquitto', ['-c', join(own, 'mosquitto.conf')], plainPort, own)
  return { name, port, plainPort, pid: server.pid, check: () => server.check(), stop: () => server.stop() }
}
