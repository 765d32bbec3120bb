// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Nothing of its own: it owns the precompiled headers that all libraries share.
