/** The most calls that travel in one message. */
export const mostParts = 64;

/** The bytes after which no more is put into a message; NATS bounds one (`max_payload`) far above. */
export const fullBytes = 64 * 1024;

/** A call or an answer as it is written into a message. */
export interface OutgoingPart {
  /** What is said about the body, in fixed order, a tab between the fields. */
  readonly line: string;
  readonly body: string;
  /** The length of the body in UTF-8. */
  readonly bytes: number;
  /** The bytes that all of it takes in a message: who calls can be longer than what he asks. */
  readonly size: number;
}

/** A call or an answer as it came; the body lies in the message's own bytes. */
export interface IncomingPart {
  readonly fields: readonly string[];
  readonly body: Uint8Array;
}

/** @throws TypeError where a field holds a separator */
export function outgoing(fields: readonly (string | number)[], body: string): OutgoingPart {
  const line = fields.join('\t');
  if (line.includes('\n') || tabsIn(line) >= fields.length) throw new TypeError('a field would end itself');
  const bytes = Buffer.byteLength(body);
  return { line, body, bytes, size: line.length + bytes };
}

/** Those between the fields, and no other. */
function tabsIn(line: string): number {
  let tabs = 0;
  for (let at = line.indexOf('\t'); at >= 0; at = line.indexOf('\t', at + 1)) tabs++;
  return tabs;
}

/**
 * Puts calls, or answers, into one message: what is sent together costs the bus and both ends once what it cost each time.
 * First the length of the index in four bytes, then the index, a line for each (the length of its body and its fields), then
 * the bodies in the same order.
 */
export function pack(parts: readonly OutgoingPart[]): Buffer {
  let index = '';
  let length = 4;
  for (const { line, bytes } of parts) {
    index += `${index === '' ? '' : '\n'}${String(bytes)}\t${line}`;
    length += bytes;
  }
  const indexBytes = Buffer.byteLength(index);
  const message = Buffer.allocUnsafe(length + indexBytes);
  message.writeUInt32BE(indexBytes, 0);
  let at = 4 + message.write(index, 4);
  for (const { body } of parts) at += message.write(body, at);
  return message;
}

/** Takes a message apart; null where it is none of {@link pack}. */
export function unpack(data: Uint8Array): IncomingPart[] | null {
  const message = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (message.length < 4) return null;
  let at = 4 + message.readUInt32BE(0);
  if (at > message.length) return null;
  const lines = message.toString('utf8', 4, at).split('\n');
  if (lines.length > mostParts) return null;
  const parts: IncomingPart[] = [];
  for (const line of lines) {
    const fields = line.split('\t');
    const end = at + Number(fields.shift());
    if (!(end >= at && end <= message.length)) return null;
    parts.push({ fields, body: message.subarray(at, end) });
    at = end;
  }
  return at === message.length ? parts : null;
}
