using System.Text;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Fuzz.Targets;

/// <summary>Filters and orders of MLflow's searches: each input is read as both, for every kind of search.</summary>
internal sealed class MlflowFilterTarget : IFuzzTarget
{
    private static readonly SearchRules[] Rules =
        [SearchRules.Runs, SearchRules.Experiments, SearchRules.RegisteredModels, SearchRules.ModelVersions, SearchRules.LoggedModels];

    public string Name => "mlflow-filter";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "metrics.acc > 0.9 and params.`pen-alty` LIKE 'l_' AND tags.\"a.b\" != \"x\""u8],
        [.. "attributes.run_id IN ('a', 'b') AND run name ILIKE '%x%'"u8],
        [.. "datasets.name NOT IN ('iris') AND tags.x IS NOT NULL"u8],
        [.. "start_time >= -1.5e3 AND status = 'FINISHED'"u8],
        [.. "name = 'it''s' AND version_number <= 3"u8],
        [.. "metrics.`val loss` DESC"u8],
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        foreach (SearchRules rules in Rules)
        {
            Try(() => SearchFilter.Parse(text, rules));
            Try(() => SearchOrders.Parse([text], rules));
        }

        return ValueTask.CompletedTask;
    }

    private static void Try<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (MlflowException)
        {
            // The right answer to what is no filter.
        }
    }
}
