import Type from 'typebox'
import { count, duration, list, path, section, text } from '../leaf.ts'

/** Where devices connect. */
export const listen = section(
  {
    mqtts: section(
      {
        port: count(
          { description: 'TCP port of MQTT over TLS; 0 takes any free port.', default: 8883 },
          { maximum: 65_535 },
        ),
        host: text('name', { description: 'Address to listen on; `::` takes IPv4 and IPv6.', default: '::' }),
        workers: count(
          { description: 'Worker threads that share the port; about one for each processor core.', default: 1 },
          { minimum: 1, maximum: 64 },
        ),
        certificate: path({ description: "The gateway's certificate chain (PEM), its own certificate first." }),
        key: path({ description: "The private key of the gateway's certificate (PEM), file mode 0600." }),
        gather: duration(
          {
            description:
              'Above 1,500 acts a second, how long a worker lets telemetry that nobody waits for (QoS 0) gather before it looks again: some processor time for so much delay. 0 never waits.',
            default: '1ms',
          },
          { minimum: 0, maximum: 20 },
        ),
        proxyProtocol: Type.Optional(
          section(
            {
              trusted: list(
                text('network', { description: 'An address or a network such as `10.1.0.0/16`.' }),
                { description: 'The load balancers whose PROXY protocol v2 header is believed.' },
                1,
              ),
            },
            {
              description:
                "Read the device's address from a PROXY protocol v2 header. Absent: off, and a header is refused as a broken handshake.",
            },
          ),
        ),
      },
      { description: 'MQTT over mutual TLS.' },
    ),
  },
  { description: 'Where devices connect.' },
)
