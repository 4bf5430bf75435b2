import t from 'tap';
import { optionTexts, PcapngOptionCode, textOption } from '../../src/index.ts';

t.test('texts in UTF-8, several of one code', async (t) => {
  const options = [
    textOption(PcapngOptionCode.comment, 'zwölf'),
    textOption(2, 'lan0'),
    textOption(PcapngOptionCode.comment, ''),
    { code: PcapngOptionCode.comment, data: Uint8Array.of(0xff) },
  ];
  t.strictSame(options[0]?.data, Uint8Array.of(0x7a, 0x77, 0xc3, 0xb6, 0x6c, 0x66));
  t.strictSame(optionTexts(options, PcapngOptionCode.comment), ['zwölf', '', '\ufffd']);
  t.strictSame(optionTexts(options, 2), ['lan0']);
  t.strictSame(optionTexts(options, 3), []);
});
