using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Divisions;

/// <summary>
/// Remembers how entities were divided, so that weights that are changed between two starts move no more of them than weights that are changed while the server runs. Replicas that start with the
/// same weights agree, whichever of them was first and whatever others are configured with meanwhile. Thread-safe.
/// </summary>
/// <param name="traffic">The endpoints.</param>
/// <param name="records">Where divisions are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class DivisionService(TrafficService traffic, ISharedRecords records, TimeProvider time, ILogger<DivisionService> logger)
{
    private const string Kind = "division";
    private const int MaxDivisions = 4;
    private const int MaxAttempts = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Divides every endpoint as it was, as far as its weights allow. Where the store is away, endpoints stay as they are: divided afresh.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            foreach (EndpointStatus endpoint in traffic.Endpoints.Where(static endpoint => endpoint.Bandit is null))
            {
                await RestoreAsync(endpoint, both.Token);
            }
        }
        catch (Exception fault) when (fault is SlipwayException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogAway(logger, fault);
        }
    }

    private async Task RestoreAsync(EndpointStatus endpoint, CancellationToken cancellationToken)
    {
        string name = endpoint.Definition.Name;
        Dictionary<string, double> weights = endpoint.Definition.Arms.Where(static arm => arm.Weight > 0)
            .ToDictionary(static arm => arm.Name, static arm => arm.Weight, StringComparer.Ordinal);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            SharedRecord? kept = (await records.ReadAsync(Kind, 0, cancellationToken)).FirstOrDefault(record => record.Key == name);
            IReadOnlyList<Division> known = kept is null ? [] : Parse(kept.Value);
            SlotTable? same = known.FirstOrDefault(division => division.IsOf(weights)) is { } division ? SlotTable.FromRuns(division.Runs) : null;
            if (same is not null)
            {
                traffic.Put(endpoint.Definition, same);
                return;
            }

            SlotTable next = (known.Count > 0 ? SlotTable.FromRuns(known[^1].Runs) : null)?.With(weights) ?? SlotTable.Create(weights);
            DivisionRecord record = new([.. known.TakeLast(MaxDivisions - 1), new Division(weights, next.Runs)]);
            if (await records.WriteAsync([new SharedWrite(Kind, name, JsonSerializer.Serialize(record, DivisionJson.Default.DivisionRecord), kept?.Revision ?? 0)], cancellationToken) is not null)
            {
                traffic.Put(endpoint.Definition, next);
                return;
            }
        }

        throw new SlipwayException(ErrorCode.StoreUnavailable, "other replicas kept changing the record");
    }

    private static IReadOnlyList<Division> Parse(string value)
    {
        try
        {
            IReadOnlyList<Division>? divisions = JsonSerializer.Deserialize(value, DivisionJson.Default.DivisionRecord)?.Divisions;
            return [.. (divisions ?? []).Where(static one => one is { Weights: not null, Runs: not null })];
        }
        catch (JsonException)
        {
            // Nobody's, or a later release's: what is divided now takes its place.
            return [];
        }
    }

    [LoggerMessage(8301, LogLevel.Warning, "How entities were divided before can't be read or kept now; where weights were changed since, more of them may have another arm than the weights demand")]
    private static partial void LogAway(ILogger logger, Exception fault);
}
