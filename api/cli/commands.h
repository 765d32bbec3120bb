// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"

// One function for each command: it declares options and help, and says what runs.
namespace holdfast::cli {

void add_init_command(CLI::App& app, Context& context);
void add_key_command(CLI::App& app, Context& context);
void add_domain_command(CLI::App& app, Context& context);
void add_record_command(CLI::App& app, Context& context);
void add_grant_command(CLI::App& app, Context& context);
void add_shape_command(CLI::App& app, Context& context);
void add_model_command(CLI::App& app, Context& context);
void add_steer_command(CLI::App& app, Context& context);
void add_revoke_command(CLI::App& app, Context& context);
void add_log_command(CLI::App& app, Context& context);
void add_status_command(CLI::App& app, Context& context);

void add_import_command(CLI::App& app, Context& context);
void add_export_command(CLI::App& app, Context& context);
void add_open_command(CLI::App& app, Context& context);
void add_backup_command(CLI::App& app, Context& context);
void add_restore_command(CLI::App& app, Context& context);
void add_move_command(CLI::App& app, Context& context);
void add_prove_command(CLI::App& app, Context& context);
void add_decide_command(CLI::App& app, Context& context);
void add_deliberate_command(CLI::App& app, Context& context);
void add_upgrade_command(CLI::App& app, Context& context);
void add_exit_command(CLI::App& app, Context& context);
void add_peer_command(CLI::App& app, Context& context);
void add_ask_command(CLI::App& app, Context& context);
void add_composition_command(CLI::App& app, Context& context);
void add_access_command(CLI::App& app, Context& context);
void add_serve_command(CLI::App& app, Context& context);
void add_sign_command(CLI::App& app, Context& context);
void add_submit_command(CLI::App& app, Context& context);

}  // namespace holdfast::cli
