import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Aedes } from 'aedes'

/** The thread of the embedded broker: aedes, in memory, on a loopback port, for those who know the password. */
const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')
const { password } = workerData as { password: string }
const broker = await Aedes.createBroker({ concurrency: 1_000 })
broker.authenticate = (_client, _username, given, done) => done(null, given?.toString() === password)
const { authorizePublish } = broker
broker.authorizePublish = (client, packet, done) => {
  // aedes would hand the flag on to subscribers, even with QoS 0, which MQTT-3.3.1-2 and MQTT-3.3.1-3 forbid.
  packet.dup = false
  authorizePublish.call(broker, client, packet, done)
}
const server = createServer({ noDelay: true }, socket => broker.handle(socket))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  port.postMessage(address !== null && typeof address === 'object' ? address.port : 0)
})
