import { expect, test } from 'vitest'
import { ConfigError } from '../config/problem.ts'
import { compileRules } from './index.ts'

const rule = (options: string, header = 'alert mqtt any any -> any any') => `${header} (${options})`

function problemsOf(text: string, vars = {}): ConfigError['problems'] {
  try {
    compileRules([{ file: 'a.rules', text }], vars)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('comments, blank lines and rules over several lines', () => {
  const text = [
    '# alert nothing',
    '',
    '  alert mqtt any any -> any any \\',
    '    (msg:"one; two \\"quoted\\""; classtype:attempted-admin; \\   ',
    '    metadata:attack_ics T0831, created_at 2026_11_28; reference:url,example.com/why; rev:3; gid:2; sid:1;)\r',
    'drop tcp any any <> any any (content:"abc"; sid:1;)',
  ].join('\n')
  const { rules } = compileRules([{ file: 'a.rules', text }])
  expect(rules).toMatchObject([
    { action: 'drop', gid: 1, sid: 1, priority: 3, line: 6 },
    {
      action: 'alert',
      gid: 2,
      sid: 1,
      rev: 3,
      message: 'one; two "quoted"',
      priority: 1,
      line: 3,
      metadata: [
        { key: 'attack_ics', value: 'T0831' },
        { key: 'created_at', value: '2026_11_28' },
      ],
      references: [{ scheme: 'url', value: 'example.com/why' }],
    },
  ])
})

test.each([
  [rule('mqtt.publish.topik; content:"a"; sid:1;'), 'rule_keyword_unknown', 32, 'Did you mean mqtt.publish.topic?'],
  [rule('byte_test:1,>,2,0; sid:1;'), 'rule_keyword_unknown', 32],
  [rule('http.uri; content:"a"; sid:1;'), 'rule_keyword_unknown', 32],
  [rule('msg:"x";'), 'rule_sid', 1],
  [rule('sid:0;'), 'rule_keyword_value', 36],
  [rule('sid:1; sid:2;'), 'rule_sid', 39],
  [rule('sid:1'), 'rule_syntax', 32],
  ['alert mqtt any any -> any any (sid:1;', 'rule_syntax', 38],
  ['alert mqtt any any any any (sid:1;)', 'rule_header', 28],
  ['allert mqtt any any -> any any (sid:1;)', 'rule_header', 1, 'Did you mean alert?'],
  ['alert http any any -> any any (sid:1;)', 'rule_header', 7],
  ['alert mqtt any any <- any any (sid:1;)', 'rule_header', 20],
  ['alert mqtt 10.0.0.300 any -> any any (sid:1;)', 'rule_header', 12],
  ['alert mqtt 10.0.0.0/33 any -> any any (sid:1;)', 'rule_header', 12],
  ['alert mqtt !any any -> any any (sid:1;)', 'rule_header', 12],
  ['alert mqtt any 70000 -> any any (sid:1;)', 'rule_header', 16],
  ['alert mqtt $HOM_NET any -> any any (sid:1;)', 'rule_variable', 12, 'Did you mean $HOME_NET?'],
  [rule('content:"a; sid:1;'), 'rule_syntax', 32],
  [rule('content:"|4|"; sid:1;'), 'rule_keyword_value', 41],
  [rule('content:"|4g|"; sid:1;'), 'rule_keyword_value', 41],
  [rule('content:""; sid:1;'), 'rule_keyword_value', 41],
  [rule('content:"a\\x"; sid:1;'), 'rule_keyword_value', 42],
  [rule('nocase; sid:1;'), 'rule_syntax', 32],
  [rule('content:"abc"; depth:2; sid:1;'), 'rule_keyword_value', 53],
  [rule('content:"abc"; depth:3; distance:1; sid:1;'), 'rule_syntax', 32],
  [rule('content:"abc"; offset:1; startswith; sid:1;'), 'rule_syntax', 32],
  [rule('mqtt.publish.topic; sid:1;'), 'rule_syntax', 32],
  [rule('mqtt.publish.topic:"a"; sid:1;'), 'rule_keyword_value', 51],
  [rule('bsize:3; sid:1;'), 'rule_syntax', 32],
  [rule('mqtt.type:PUBLISCH; sid:1;'), 'rule_keyword_value', 42],
  [rule('mqtt.qos:3; sid:1;'), 'rule_keyword_value', 41],
  [rule('mqtt.flags:dup,!dup; sid:1;'), 'rule_keyword_value', 43],
  [rule('mqtt.connect.flags:user; sid:1;'), 'rule_keyword_value', 51],
  [rule('mqtt.protocol_version:5-6; sid:1;'), 'rule_keyword_value', 54],
  [rule('mqtt.connack.session_present:2; sid:1;'), 'rule_keyword_value', 61],
  [rule('app-layer-event:mqtt.missing_conect; sid:1;'), 'rule_keyword_value', 48, 'Did you mean mqtt.missing_connect?'],
  [rule('flow:to_sever; sid:1;'), 'rule_keyword_value', 37, 'Did you mean to_server?'],
  [rule('flowbits:sat,a; sid:1;'), 'rule_keyword_value', 41],
  [rule('threshold:type limit, track by_src, count 1; sid:1;'), 'rule_keyword_value', 42],
  [rule('threshold:type limt, track by_src, count 1, seconds 2; sid:1;'), 'rule_keyword_value', 42],
  [rule('detection_filter:track by_nobody, count 1, seconds 2; sid:1;'), 'rule_keyword_value', 49],
  [rule('pcre:"abc"; sid:1;'), 'rule_keyword_value', 37],
  [rule('pcre:"/a(?=b)/"; sid:1;'), 'rule_pcre', 40],
  [rule('pcre:"/(a)\\1/"; sid:1;'), 'rule_pcre', 42],
  [rule('pcre:"/a/U"; sid:1;'), 'rule_pcre', 37],
  [rule('content:"a"; pcre:!"/a/R"; sid:1;'), 'rule_pcre', 50],
])('%s is refused: %s at column %d', (text, code, column, hint = '') => {
  const [first] = problemsOf(`# first line\n${text}`)
  expect(first).toMatchObject({ code, place: { file: 'a.rules', line: 2, column } })
  expect(first.hint).toContain(hint)
})

test('all problems are told, and where a rule of several lines is wrong', () => {
  const text = `${rule('sid:1;')}\n${rule('sid:1;')}\nalert mqtt any any -> any any ( \\\n  frob; sid:3;)`
  expect(problemsOf(text)).toMatchObject([
    { code: 'rule_sid', what: 'sid 1 is that of a.rules:1 too', place: { line: 2 } },
    { code: 'rule_keyword_unknown', place: { line: 4, column: 3 } },
  ])
})

test('variables are set by the operator and may name each other but not themselves', () => {
  expect(problemsOf('alert mqtt $A any -> any any (sid:1;)', { A: '[$B,10.0.0.1]', B: '10.1.0.0/16' })).toEqual([])
  expect(problemsOf('alert mqtt $A any -> any any (sid:1;)', { A: '$A' })).toMatchObject([{ code: 'rule_header' }])
})
