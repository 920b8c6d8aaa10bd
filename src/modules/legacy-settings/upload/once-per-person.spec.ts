import { expect, it } from 'vitest';
import { oncePerPerson } from './once-per-person.js';
import { type UploadLine } from './upload-record.js';

const person = (line: number, userid: string, companyid = 'sample'): UploadLine => {
  return { line, values: new Map(Object.entries({ companyid, userid })) };
};
async function* lines(...all: readonly UploadLine[]): AsyncGenerator<UploadLine> {
  for (const line of all) yield line;
}

it('refuses every further line about somebody, and says where the first is', async () => {
  const others = [person(2, 'taro'), person(3, 'jiro'), person(4, 'taro', 'rival'), person(5, '')];
  const faulty: UploadLine = { line: 6, fault: 'line_malformed' };
  const found: UploadLine[] = [];
  for await (const line of oncePerPerson(
    lines(...others, faulty, person(7, ''), person(8, ' taro '), person(9, 'taro')),
  ))
    found.push(line);
  expect(found).toEqual([
    ...others,
    faulty,
    person(7, ''),
    { line: 8, fault: 'legacy_person_twice', params: { firstLine: 2 } },
    { line: 9, fault: 'legacy_person_twice', params: { firstLine: 2 } },
  ]);
});
