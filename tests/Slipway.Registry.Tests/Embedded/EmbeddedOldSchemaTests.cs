using Microsoft.Data.Sqlite;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Embedded;

public sealed class EmbeddedOldSchemaTests : OldSchemaKit
{
    protected override string Database => "sqlite";

    protected override async Task LoadAsync(string sql)
    {
        // A dump does not come in the order of its references.
        SQLitePCL.Batteries_V2.Init();
        await using SqliteConnection connection = new($"Data Source={Options.DatabaseFile};Pooling=False;Foreign Keys=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
