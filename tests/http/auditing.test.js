// SPDX-License-Identifier: AGPL-3.0-or-later

// An auditor with a grant replays a village's log from its server, by the program that auditors have.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { request } from './client.js';
import { kelpBay, read, submit } from './checked.js';
import { basisOf, grantOf, Guardian, recordOf } from './guardian.js';

const { village, server, mere, reefs } = await kelpBay();
after(() => village.remove());

// Machines of other people: their key files, of which the village has seen the public halves alone.
for (const name of ['ana', 'zed']) await village.ask('key', 'new', name, '--no-passphrase');
village.write('words.txt', 'a kelp forest at low tide\n');
village.write('other-words.txt', 'a kelp forest at high tide\n');
await village.ask('key', 'new', 'locked', '--passphrase-file', village.path('words.txt'));
const { keys } = await village.ask('key', 'list');
const publicKeyOf = (name) => keys.find((key) => key.name === name).publicKey;
const keyFile = (name) => village.path('config', 'holdfast', 'keys', `${name}.key`);

const granting = (name, ...words) =>
  village.sequence(
    ...['grant', '--auditor', publicKeyOf(name), '--days', '9', '--purpose', 'the yearly audit'],
    ...words,
  );
const audit = await granting('ana');
const council = await granting('ana', '--council');

const basis = async () => basisOf(await read(server, '/v1/checkpoint'));
// What mere keeps in her own domain, of which the grants above are not; where it stands.
const keep = async (...titles) => {
  const rest = { ...(await basis()), visibility: 'guardians' };
  const records = titles.map((title) => recordOf(village, reefs, mere, { title }, rest));
  const contents = Object.assign({}, ...records.map((each) => each.contents));
  const draft = mere.draft(records.map((each) => each.statement), contents);
  const { status, value } = await submit(server, draft);
  assert.equal(status, 200, JSON.stringify(value));
  return value.statements.map(({ index }) => index);
};
const [nets] = await keep('Nets');
// What she grants to one of those keys; the grant's id.
const grantOfReefs = async (name) => {
  const bytes = new Uint8Array(Buffer.from(publicKeyOf(name).split(':')[1], 'base64'));
  const statement = grantOf(village, reefs, { key: { algorithm: 1, bytes } }, await basis());
  const { status, value } = await submit(server, mere.draft([statement]));
  assert.equal(status, 200, JSON.stringify(value));
  return value.statements[0].id;
};

const log = (...words) =>
  village.verify('log', server.url.origin, '--village', village.id, ...words);
const asAna = (...words) => log('--no-cache', '--key', keyFile('ana'), ...words);
const named = ['--grant', audit, '--grant', council];
// How many statements were shown to nobody who asks so.
const withheld = async (...words) => {
  const said = await log('--no-cache', ...words);
  assert.equal(said.verdict, 'verified', JSON.stringify(said.error));
  return said.counts.withheld;
};
const refusedFor = async (rule, ...words) => {
  const { code, verdict, error } = await log('--no-cache', ...words);
  assert.deepEqual([code, verdict, error.rule], [2, 'cannot tell', rule], JSON.stringify(error));
  return error;
};
const isNotRun = ({ code, verdict, checkpoint, error }, pattern) => {
  assert.deepEqual([code, verdict, checkpoint], [2, 'cannot tell', undefined]);
  assert.match(`${error.what}: ${error.found}; ${error.want}`, pattern);
};
const usageError = async (pattern, ...words) => isNotRun(await log(...words), pattern);

test('Who asks without a key is shown what is open, and all else stands as withheld.', async () => {
  assert.ok((await withheld()) >= 3);
  const full = await log('--no-cache', '--require', 'full');
  assert.equal(full.verdict, 'cannot tell');
});

test('An auditor is shown what the grant covers, and every byte of it is checked.', async () => {
  const everybody = await withheld();
  const withKey = ['--key', keyFile('ana')];
  const ofRecords = await withheld(...withKey, '--grant', audit);
  assert.ok(ofRecords < everybody, `${ofRecords} of ${everybody}`);
  const said = await asAna(...named);
  // mere's record alone is not shown: nobody has granted that.
  assert.equal(said.verdict, 'verified');
  assert.deepEqual(said.unchecked.map(({ first, last }) => [first, last]), [[nets, nets]]);
  assert.equal(said.counts.withheld, 1);
});

test('With grants of all offices nothing is withheld, and it may be required.', async () => {
  const ofReefs = await grantOfReefs('ana');
  const said = await asAna(...named, '--grant', ofReefs, '--require', 'full');
  assert.deepEqual([said.verdict, said.counts.withheld], ['verified', 0]);
});

test('A key with a passphrase is opened by the first line of a file.', async () => {
  const grant = await granting('locked');
  const locked = ['--key', keyFile('locked'), '--grant', grant];
  const words = (name) => ['--passphrase-file', village.path(name)];
  const everybody = await withheld();
  assert.ok((await withheld(...locked, ...words('words.txt'))) < everybody);
  await usageError(/a key file with a passphrase; --passphrase-file/, ...locked);
  await usageError(/passphrase/, ...locked, ...words('other-words.txt'));
  await usageError(/passphrase file .*No such file/, ...locked, ...words('none.txt'));
});

test('Who stands for nothing here is refused, and told by which rule.', async () => {
  await refusedFor('ACCESS-5', '--key', keyFile('ana'));
  await refusedFor('ACCESS-5', '--key', keyFile('zed'), '--grant', audit);
  const { want } = await refusedFor('ACCESS-5', '--key', keyFile('zed'));
  assert.match(want, /--grant/);
  const another = new Guardian('another auditor').id;
  await refusedFor('ACCESS-5', '--key', keyFile('ana'), '--grant', Buffer.from(another).toString('hex'));
});

test('A command line that asks as nobody in particular makes no sense.', async () => {
  await usageError(/--grant: one of them without --key/, '--grant', audit);
  await usageError(/--grant.*64 hex digits/, '--key', keyFile('ana'), '--grant', 'x');
  await usageError(/key/, '--key', village.path('none.key'));
  const asks = ['--key', keyFile('ana')];
  const by = (...words) => village.verify('log', ...words, ...asks);
  isNotRun(await by(server.url.origin, '--vkey', village.vkey), /without --village/);
  isNotRun(await by(village.path('.'), '--village', village.id), /with a directory; a URL/);
});

test('A token is made for nobody whom others can listen to.', async () => {
  for (const host of ['kelp-bay.invalid', '127.0.0.1.invalid', '127.0.0.1x', 'localhost.invalid:80', '10.0.0.1'])
    isNotRun(
      await village.verify('log', `http://${host}`, '--village', village.id, '--key', keyFile('ana')),
      /https, or an address of this machine/,
    );
});

test('After the revocation an auditor is shown what everybody is, and no more.', async () => {
  const cached = [...['--cache', village.path('cache'), '--key', keyFile('ana')], ...named];
  const before = await log(...cached);
  assert.equal(before.verdict, 'verified');
  await village.ask('revoke', audit);
  await village.ask('revoke', council);
  assert.equal(await withheld('--key', keyFile('ana'), ...named), await withheld());
  const later = await log(...cached);
  assert.equal(later.verdict, 'verified');
  assert.ok(later.counts.withheld > before.counts.withheld);
  assert.equal(later.remote.compared.consistent, true);
});

test('A log of more than one bundle is asked for with a token for each file.', async () => {
  await keep(...Array.from({ length: 300 }, (_, i) => `Net ${i}`));
  const everybody = await withheld();
  const asZed = ['--key', keyFile('zed'), '--grant', await granting('zed', '--council')];
  assert.ok((await withheld(...asZed)) >= 300);
  const ofReefs = await grantOfReefs('zed');
  assert.ok((await withheld(...asZed, '--grant', ofReefs)) <= everybody - 300);
  // What was kept while it was withheld is asked for again, by whoever may see it now.
  const cache = ['--cache', village.path('shared-cache')];
  const before = await log(...cache);
  const shown = await log(...cache, ...asZed, '--grant', ofReefs);
  assert.equal(before.counts.withheld, everybody);
  assert.ok(shown.counts.withheld <= everybody - 300);
  assert.ok(shown.remote.cached.files > 0);
});

// Stands between the auditor and the server, since a network that loses answers is hard to come by.
async function between(answerInstead) {
  const shown = [];
  const proxy = createServer(async (asked, answer) => {
    const { authorization } = asked.headers;
    if (authorization) shown.push(asked.url);
    const refusal = answerInstead(asked);
    if (refusal) return answer.writeHead(403).end(refusal);
    const { status, body } = await request(server, asked.method, asked.url, {
      headers: authorization ? { authorization } : {},
    });
    return answer.writeHead(status).end(body);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${proxy.address().port}`;
  return { url, shown, close: () => proxy.close() };
}
const asZedAt = (url, grant) =>
  village.verify(
    ...['log', url, '--village', village.id, '--no-cache', '--key', keyFile('zed')],
    ...['--grant', grant],
  );

test('A token that came too late is made once more, and shown where it counts alone.', async () => {
  const grant = await granting('zed');
  const late = new Set();
  const proxy = await between(({ url, headers }) => {
    if (!headers.authorization || late.has(url)) return null;
    late.add(url);
    return '{"rule":"ACCESS-3"}';
  });
  try {
    const { verdict, error } = await asZedAt(proxy.url, grant);
    assert.equal(verdict, 'verified', JSON.stringify(error));
    assert.ok(late.size >= 2);
    assert.equal(proxy.shown.length, 2 * late.size);
    for (const path of proxy.shown) assert.match(path, /^\/(statements|openings)\//);
  } finally {
    proxy.close();
  }
});

test('A server that takes no token leaves it untold, whatever it says.', async () => {
  const grant = await granting('zed');
  for (const [said, rule] of [
    ['{"rule":"ACCESS-3"}', 'ACCESS-3'],
    ['{"rule":"ACCESS-9"}', ''],
    ['"ACCESS-', ''],
    ['\u001b[2J', ''],
    [' ', ''],
  ]) {
    const proxy = await between(({ headers }) => (headers.authorization ? said : null));
    try {
      const { code, verdict, error } = await asZedAt(proxy.url, grant);
      assert.deepEqual([code, verdict, error.rule], [2, 'cannot tell', rule], said);
      assert.match(error.found, /status 403/);
    } finally {
      proxy.close();
    }
  }
});
