/**
 * Writes a text of a record in UTF-8. Short texts of ASCII, nearly always: a loop is faster than a call into C++.
 *
 * @returns where the text ends
 */
export function writeText(bytes: Buffer, text: string, start: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return start + bytes.write(text, start, 'utf8');
    bytes[start + i] = code;
  }
  return start + text.length;
}
