/**
 * What can be wrong with MQTT traffic as such, one bit each, by the names of Suricata's `app-layer-event:mqtt.*`. Whoever reads
 * the traffic sets them in `SignedPacket.events`; the gateway's own floor ends such connections before any guard is asked.
 */
export const MQTT_EVENTS = {
  missing_connect: 1 << 0,
  missing_publish: 1 << 1,
  missing_subscribe: 1 << 2,
  missing_unsubscribe: 1 << 3,
  double_connect: 1 << 4,
  unintroduced_message: 1 << 5,
  invalid_qos_level: 1 << 6,
  missing_msg_id: 1 << 7,
  unassigned_msg_type: 1 << 8,
  too_many_transactions: 1 << 9,
  malformed_traffic: 1 << 10,
} as const

export type MqttEvent = keyof typeof MQTT_EVENTS
