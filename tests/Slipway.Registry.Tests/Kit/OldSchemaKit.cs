using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Worker;
using Slipway.TestKit;

namespace Slipway.Registry.Tests.Kit;

/// <summary>
/// Stores of every schema that was released, kept as SQL (see <c>Schemas/make.sh</c>), are opened by this program: they tell what they told then, and can be changed. A schema that
/// changes gets a further number and a further migration; when this fails, a migration loses something.
/// </summary>
public abstract class OldSchemaKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    /// <summary>The database's name in the names of files.</summary>
    protected abstract string Database { get; }

    /// <summary>Runs the SQL of a store in the empty database that is opened next.</summary>
    protected abstract Task LoadAsync(string sql);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_store_of_an_old_schema_tells_what_it_told_and_can_be_changed(int schema)
    {
        string name = Path.Combine(Repository.Root, "tests/Slipway.Registry.Tests/Schemas", $"{schema}.{Database}");
        await LoadAsync(await File.ReadAllTextAsync(name + ".sql", None));

        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(name + ".json", None));
        using JsonDocument told = JsonDocument.Parse(await Sample.DescribeAsync(Services));
        AssertHolds(expected.RootElement, told.RootElement, "$");

        await Sample.StoreContentsAsync(Services);
        ModelVersion next = await PublishAsync("fraud", "three");
        Assert.Equal(4, next.Number);
        await Registry.SetAliasAsync("fraud", "champion", 4, AliasExpectation.At(2), Ana, None);
        await Registry.RenameModelAsync("fraud", "fraud-new", Ana, None);
        Assert.Empty((await Services.GetRequiredService<DataCheck>().RunAsync(readContent: true, None)).Problems);
        Assert.Equal([4L, 2, 1], (await Registry.SearchVersionsAsync(
            SearchQuery.All with { Clauses = [Clause(SearchField.Attribute, "name", SearchOperator.Equal, "fraud-new")] }, None)).Items.Select(static version => version.Number));
        Assert.Equal([2L, 1], (await Registry.SearchVersionsAsync(
            SearchQuery.All with { Clauses = [Clause(SearchField.Tag, "team", SearchOperator.Equal, "risk")] }, None)).Items.Select(static version => version.Number));
    }

    /// <summary>Whatever was told is told; there may be more.</summary>
    private static void AssertHolds(JsonElement expected, JsonElement told, string path)
    {
        Assert.True(expected.ValueKind == told.ValueKind, $"{path}: {expected} was expected, not {told}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in expected.EnumerateObject())
                {
                    Assert.True(told.TryGetProperty(property.Name, out JsonElement value), $"{path}.{property.Name} is missing");
                    AssertHolds(property.Value, value, $"{path}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.True(expected.GetArrayLength() == told.GetArrayLength(), $"{path}: {expected.GetArrayLength()} were expected, not {told.GetArrayLength()}");
                foreach ((JsonElement item, int index) in expected.EnumerateArray().Select(static (item, index) => (item, index)))
                {
                    AssertHolds(item, told[index], $"{path}[{index}]");
                }

                break;
            default:
                Assert.True(expected.GetRawText() == told.GetRawText(), $"{path}: {expected} was expected, not {told}");
                break;
        }
    }
}
