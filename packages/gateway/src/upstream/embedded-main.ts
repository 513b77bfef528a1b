import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Aedes } from 'aedes'

/** The thread of the embedded broker: aedes, in memory, on a loopback port, for those who know the password. */
const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')
const { password } = workerData as { password: string }
const broker = await Aedes.createBroker({ concurrency: 1_000 })
broker.authenticate = (_client, _username, given, done) => done(null, given?.toString() === password)
const server = createServer({ noDelay: true }, socket => broker.handle(socket))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  port.postMessage(address !== null && typeof address === 'object' ? address.port : 0)
})
