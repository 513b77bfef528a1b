import Type from 'typebox'
import { choice, count, path, section, text } from '../leaf.ts'

const off = Type.Literal('off')

/** Prometheus metrics. */
export const metrics = Type.Union(
  [
    off,
    section(
      {
        port: count({ description: 'TCP port; 0 takes any free port.', default: 9464 }, { maximum: 65_535 }),
        host: text('loopback', { description: 'A loopback address.', default: '127.0.0.1' }),
      },
      { description: 'Where Prometheus reads.' },
    ),
  ],
  { description: 'Prometheus metrics over HTTP on this machine, or `off`.', default: 'off' },
)

/** The socket that `ringwall explain` speaks to. */
export const control = Type.Union(
  [
    off,
    section(
      { path: path({ description: 'A Unix socket, made with mode 0600.', default: 'run/ringwall.sock' }) },
      { description: 'The control socket.' },
    ),
  ],
  { description: 'The Unix socket that verbs such as `ringwall explain` use, or `off`.', default: {} },
)

/** Where what was learned is kept. */
export const store = Type.Union(
  [
    off,
    section(
      {
        folder: path({
          description: 'A folder, made with mode 0700 when there is something to keep.',
          default: 'data',
        }),
      },
      { description: 'The folder.' },
    ),
  ],
  { description: 'Where what was learned of devices, blocks and postures survive a restart, or `off`.', default: {} },
)

/** The log. */
export const log = section(
  {
    level: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      description: 'The least severe lines that are written.',
      default: 'info',
    }),
  },
  { description: 'The log on standard error.', default: {} },
)
