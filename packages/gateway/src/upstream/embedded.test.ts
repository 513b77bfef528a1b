import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEmbeddedBroker } from './embedded.ts'

const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
const frame = (first: number, ...body: Buffer[]): Buffer => {
  const rest = Buffer.concat(body)
  return Buffer.concat([Buffer.from([first, rest.length]), rest])
}

test('a message that was sent again reaches a subscriber of QoS 0 without the flag (MQTT-3.3.1-2, MQTT-3.3.1-3)', async () => {
  const broker = await startEmbeddedBroker()
  const socket = connect(broker.port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  try {
    const flags = Buffer.from([4, 0b1100_0010, 0, 60])
    socket.write(frame(0x10, text('MQTT'), flags, text('me'), text('lab'), text(broker.password)))
    socket.write(frame(0x82, Buffer.from([0, 1]), text('a'), Buffer.from([0])))
    socket.write(frame(0x3a, text('a'), Buffer.from([0, 2]), Buffer.from('x')))
    const published = (): number => Buffer.concat(received).indexOf(frame(0x30, text('a'), Buffer.from('x')))
    while (Buffer.concat(received).indexOf('x') === -1) await once(socket, 'data')
    expect(published()).toBeGreaterThan(0)
  } finally {
    socket.destroy()
    await broker.close()
  }
})
