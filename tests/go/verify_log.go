// SPDX-License-Identifier: AGPL-3.0-or-later

// verify_log URL VKEY: checks a log as somebody would who has never heard of Holdfast, with the
// packages of Go's checksum database and C2SP's paths. What it knows of our log is nothing but what is
// in c2sp.org/tlog-tiles, tlog-checkpoint and signed-note.
//
// Exit status 0 and one line where everything holds: the checkpoint's signature, every tile, every
// entry's hash and inclusion, and consistency of older sizes. Else 1 and why.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight    = 8
	bundleEntries = 1 << tileHeight
	answerMax     = 32 << 20
)

var errNotFound = errors.New("status 404")

// A log below a URL.
type remote struct {
	base string
}

func (r remote) get(path string) ([]byte, error) {
	answer, err := http.Get(r.base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerMax))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", path, errNotFound)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, answer.StatusCode)
	}
	return body, nil
}

// 1234067 is "x001/x234/067"; a partial one has ".p/<width>" behind.
func number(n int64, width int) string {
	out := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		out = fmt.Sprintf("x%03d/%s", n%1000, out)
	}
	if width < bundleEntries {
		out += fmt.Sprintf(".p/%d", width)
	}
	return out
}

// Where a partial file is gone the full one has it as its beginning.
func (r remote) getEither(folder string, n int64, width int) ([]byte, error) {
	body, err := r.get(folder + number(n, width))
	if errors.Is(err, errNotFound) && width < bundleEntries {
		return r.get(folder + number(n, bundleEntries))
	}
	return body, err
}

// The tiles, as tlog asks for them.
type tiles struct {
	remote
	fetched int
}

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, tile := range wanted {
		body, err := t.getEither(fmt.Sprintf("tile/%d/", tile.L), tile.N, tile.W)
		if err != nil {
			return nil, err
		}
		if len(body) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes, want %d hashes", tile.Path(), len(body), tile.W)
		}
		out[i] = body[:tile.W*tlog.HashSize]
		t.fetched++
	}
	return out, nil
}

// Every hash of the tree, read through tiles that were authenticated against its root.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = h[index]
	}
	return out, nil
}

func readHashes(t *tiles, tree tlog.Tree) (hashes, error) {
	indexes := make([]int64, tlog.StoredHashCount(tree.N))
	for i := range indexes {
		indexes[i] = int64(i)
	}
	return tlog.TileHashReader(tree, t).ReadHashes(indexes)
}

// The checkpoint, once the key has signed it.
func (r remote) head(vkey string) (tlog.Tree, error) {
	none := tlog.Tree{}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return none, err
	}
	body, err := r.get("checkpoint")
	if err != nil {
		return none, err
	}
	opened, err := note.Open(body, note.VerifierList(verifier))
	if err != nil {
		return none, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return none, fmt.Errorf("no checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return none, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return none, fmt.Errorf("root %q", lines[2])
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

// The entries of one bundle.
func (r remote) entries(n int64, width int) ([][]byte, error) {
	body, err := r.getEither("tile/entries/", n, width)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for len(out) < width {
		if len(body) < 2 || len(body)-2 < int(binary.BigEndian.Uint16(body)) {
			return nil, fmt.Errorf("bundle %d ends within entry %d", n, len(out))
		}
		end := 2 + int(binary.BigEndian.Uint16(body))
		out = append(out, body[2:end])
		body = body[end:]
	}
	return out, nil
}

// That each entry has the hash that the tree has at its place, and is included there.
func (r remote) checkEntries(tree tlog.Tree, all hashes) error {
	for first := int64(0); first < tree.N; first += bundleEntries {
		width := bundleEntries
		if tree.N-first < bundleEntries {
			width = int(tree.N - first)
		}
		entries, err := r.entries(first/bundleEntries, width)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			index := first + int64(i)
			hash := tlog.RecordHash(entry)
			if hash != all[tlog.StoredHashIndex(0, index)] {
				return fmt.Errorf("entry %d is not the leaf of the tree", index)
			}
			proof, err := tlog.ProveRecord(tree.N, index, all)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, hash); err != nil {
				return fmt.Errorf("entry %d: %v", index, err)
			}
		}
	}
	return nil
}

// That the tree grew from what it was at older sizes: all up to 600, and those beside the edges of
// tiles and of the tree.
func checkGrowth(tree tlog.Tree, all hashes) (int, error) {
	proven := 0
	for size := int64(1); size <= tree.N; size++ {
		near := size%bundleEntries <= 1 || size%bundleEntries == bundleEntries-1
		if size > 600 && tree.N-size > 300 && !(near && size%(16*bundleEntries) < 2*bundleEntries) {
			continue
		}
		root, err := tlog.TreeHash(size, all)
		if err != nil {
			return proven, err
		}
		proof, err := tlog.ProveTree(tree.N, size, all)
		if err != nil {
			return proven, err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, root); err != nil {
			return proven, fmt.Errorf("size %d: %v", size, err)
		}
		proven++
	}
	return proven, nil
}

func verify(base, vkey string) error {
	log := remote{strings.TrimSuffix(base, "/")}
	tree, err := log.head(vkey)
	if err != nil {
		return err
	}
	reader := &tiles{remote: log}
	all, err := readHashes(reader, tree)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(tree.N, all)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the tiles have another root")
	}
	if err := log.checkEntries(tree, all); err != nil {
		return err
	}
	proven, err := checkGrowth(tree, all)
	if err != nil {
		return err
	}
	fmt.Printf("verified %d entries, %d tiles, growth from %d sizes\n", tree.N, reader.fetched, proven)
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "verify_log URL VKEY")
		os.Exit(2)
	}
	if err := verify(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "verify_log:", err)
		os.Exit(1)
	}
}
