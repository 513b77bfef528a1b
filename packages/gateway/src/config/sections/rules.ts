import Type from 'typebox'
import { list, path, section, text } from '../leaf.ts'

/** Which rules messages are judged by, and what their variables stand for. */
export const rules = section(
  {
    files: list(path({ description: 'A file of rules, or a glob such as `rules/*.rules`.' }), {
      description: 'The rules, as files or globs; a glob that finds nothing is an error.',
      default: [],
    }),
    vars: Type.Record(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' }),
      text('sentence', { description: 'An address, a port or a list, as in the header of a rule.' }),
      {
        additionalProperties: false,
        description: 'What `$NAME` stands for in the headers of rules; HOME_NET and EXTERNAL_NET are `any` unless set.',
        default: {},
      },
    ),
  },
  { description: 'Signatures in the language of Suricata: see docs/rules.md.', default: {} },
)
