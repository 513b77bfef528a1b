import type { Version } from '../build.ts'
import { listed } from './normative.ts'

/** Clauses that are not for something between two sides to enforce, and why. */
export interface Beyond {
  readonly why: string
  readonly ids: Readonly<Record<Version, readonly string[]>>
}

const beyond = (why: string, four: string, five: string): Beyond => ({ why, ids: { 4: listed(four), 5: listed(five) } })

/** The numbered clauses that are neither enforced nor breakable on the way. Ids as in `listed`. */
export const beyondClauses: readonly Beyond[] = [
  beyond(
    'the broker keeps sessions, wills, retained messages and subscriptions, matches and delivers: what it does there is its own',
    '3.1.2-4..8 3.1.2-10 3.1.2-12 3.1.2-16..17 3.1.3-2 3.1.3-5 3.1.3-9 3.1.4-2..3 3.2.2-2..3 3.3.1-5..12 3.3.5-1 3.8.3-2 3.8.4-3..4 3.8.4-6 3.10.4-1..3 3.10.4-6 3.14.4-3 4.1.0-2 4.5.0-1 4.6.0-5..6 4.7.3-4',
    '3.1.2-4..8 3.1.2-10 3.1.2-14..15 3.1.2-25 3.1.3-2 3.1.3-5 3.1.3-8..10 3.1.4-3..4 3.2.2-3 3.2.2-9..10 3.2.2-12..13 3.3.1-5..13 3.3.2-4..6 3.3.2-15..18 3.3.2-20 3.3.4-2..5 3.8.3-3 3.8.4-3..5 3.8.4-8 3.10.4-1..3 3.10.4-6 3.14.4-3 4.1.0-2 4.5.0-1 4.6.0-5..6 4.7.3-4 4.8.2-3..6',
  ),
  beyond(
    'what a side keeps, waits for or does within itself is not on the wire',
    '4.4.0-1',
    '3.1.2-21 3.1.2-23 3.2.2-4..5 3.2.2-21 3.3.2-10 3.3.4-10 4.3.2-3 4.3.2-5 4.3.3-3 4.3.3-5 4.3.3-7 4.3.3-9 4.3.3-12..13 4.4.0-2 4.9.0-1 4.9.0-3',
  ),
  beyond(
    'an answer that does not come may always still come',
    '3.1.4-4 3.3.4-1 3.8.4-1 3.10.4-5 3.12.4-1 4.3.2-2 4.3.3-2 4.5.0-2',
    '3.1.4-5 3.3.4-1 3.8.4-1 3.10.4-4 3.12.4-1 4.3.2-4 4.3.3-8 4.3.3-10..11 4.5.0-2',
  ),
  beyond(
    'whoever must close does; the gateway closes both sides once one of them did',
    '3.2.2-5..6 3.14.4-1 4.8.0-2',
    '3.1.4-2 3.2.2-7 3.14.4-2 4.12.0-4 4.12.1-2 4.13.2-1',
  ),
  beyond(
    'the gateway keeps it itself: it gives an identifier where there is none, forwards nothing after a refused CONNECT, acknowledges what it refuses, holds aliases and keep alive by connection',
    '3.1.3-6 3.1.4-5 3.3.5-2',
    '3.1.3-6..7 3.1.4-6 3.2.2-22 3.3.2-7 3.3.2-12',
  ),
  beyond('texts pass byte by byte, U+FEFF included', '1.5.3-3', '1.5.4-3'),
  beyond(
    'a packet larger than its receiver takes is refused as such (`packet_too_large`)',
    '',
    '3.2.2-19..20 3.4.2-3 3.5.2-2..3 3.6.2-2..3 3.7.2-2..3 3.9.2-1..2 3.11.2-1..2 3.14.2-3..4 3.15.2-2..3',
  ),
  beyond('the gateway has no WebSocket listener', '6.0.0-1..4', '6.0.0-1..4'),
  beyond('what an implementation must offer: the gateway speaks TLS over TCP', '7.0.0-1..2 7.1.1-1 7.1.2-1', '4.2.0-1'),
]
