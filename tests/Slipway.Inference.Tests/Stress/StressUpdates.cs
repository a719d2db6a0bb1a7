using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Inference.Tests.Stress;

/// <summary>
/// Changes models while they are asked: new versions, new content under an old number, content that is refused, for good or once, and models that vanish and come back. Remembers
/// what is certain: a version of the model <c>steady</c> that was seen in service is not answered for by an older content any more.
/// </summary>
internal sealed class StressUpdates(InferenceFixture fixture, StressModels models, Random random)
{
    public static readonly IReadOnlyDictionary<string, ModelConfig> Configs = new Dictionary<string, ModelConfig>
    {
        ["steady"] = new() { Batching = Batching(8), Instances = 2 },
        ["all"] = new() { VersionPolicy = new VersionPolicy.All(), Labels = new Dictionary<string, long> { ["stable"] = 1 }, ResponseCache = new ResponseCacheConfig { MaxBytes = 4096 } },
        ["plain"] = new() { Load = LoadPolicy.OnDemand, Instances = 1, Queue = new QueueConfig { MaxRows = 30, PriorityLevels = 3 } },
        ["cached"] = new() { Load = LoadPolicy.OnDemand, ResponseCache = new ResponseCacheConfig { MaxBytes = 2048 } },
        ["both"] = new() { Load = LoadPolicy.OnDemand, ResponseCache = new ResponseCacheConfig(), Batching = Batching(4), Queue = new QueueConfig { PriorityLevels = 2 } },
        ["two"] = new() { Load = LoadPolicy.OnDemand, VersionPolicy = new VersionPolicy.Latest(2), Batching = Batching(4) },
        ["byhand"] = new() { VersionPolicy = new VersionPolicy.Latest(2) },
    };

    private readonly Dictionary<string, SortedDictionary<long, StressContent>> _versions = Configs.Keys.ToDictionary(static name => name, static _ => new SortedDictionary<long, StressContent>());
    private readonly ConcurrentDictionary<long, int> _steadyFloor = new();

    /// <summary>The number of the oldest content that may answer for a version of <c>steady</c> from now on.</summary>
    public int SteadyFloor(long version) => _steadyFloor.GetValueOrDefault(version);

    /// <summary>Gives every model a version 1.</summary>
    public void Begin()
    {
        foreach (string name in _versions.Keys)
        {
            Set(name, 1, "good");
            Tell(name);
        }
    }

    /// <summary>One change at random.</summary>
    public async Task StepAsync()
    {
        string name = _versions.Keys.ElementAt(random.Next(_versions.Count));
        SortedDictionary<long, StressContent> versions = _versions[name];
        bool isSteady = name == "steady";
        long largest = versions.Keys.DefaultIfEmpty(0).Max();
        switch (random.Next(10))
        {
            case 0 when !isSteady:
                versions.Clear();
                break;
            case < 3:
                Set(name, largest + 1, "good");
                break;
            case 3 when !isSteady && largest > 0:
                Set(name, largest, "bad");
                break;
            case 4:
                Set(name, largest + 1, "late");
                break;
            default:
                Set(name, Math.Max(1, largest), "good");
                break;
        }

        while (versions.Count > 3)
        {
            versions.Remove(versions.Keys.First());
        }

        Tell(name);
        fixture.Source.Push();
        if (isSteady)
        {
            await ShowsAsync(name);
            long version = versions.Keys.Max();
            _steadyFloor[version] = versions[version].Number;
        }
    }

    /// <summary>Leaves every model with one good version and waits until those that are not loaded on demand have it in service.</summary>
    public async Task EndAsync()
    {
        foreach (string name in _versions.Keys)
        {
            long next = _versions[name].Keys.DefaultIfEmpty(0).Max() + 1;
            _versions[name].Clear();
            Set(name, next, "good");
            Tell(name);
        }

        fixture.Source.Push();
        await fixture.Control.LoadAsync("byhand", null, InferenceFixture.Token);
        foreach (string name in _versions.Keys.Where(static name => Configs[name].Load == LoadPolicy.Eager))
        {
            await ShowsAsync(name);
        }
    }

    /// <summary>What answers for a model once nothing changes any more.</summary>
    public StressContent Newest(string model) => _versions[model].Values.Last();

    private static BatchingConfig Batching(int rows) => new() { MaxBatchSize = rows, SplitLargeRequests = true, MaxQueueDelay = TimeSpan.FromMilliseconds(1) };

    private void Set(string name, long version, string kind) => _versions[name][version] = models.Make(name, version, kind);

    private void Tell(string name)
    {
        if (_versions[name].Count == 0)
        {
            fixture.Source.Without(name);
        }
        else
        {
            fixture.Source.With(name, Configs[name], [.. _versions[name].Select(static pair => (pair.Key, pair.Value.Token))]);
        }
    }

    private Task ShowsAsync(string name)
    {
        (long version, StressContent content) = _versions[name].Last();
        string digest = StressModels.DigestOf(content.Token);
        return InferenceFixture.Until(() => fixture.Catalog.TryGetModel(name, out ModelSnapshot? model)
            && model.Versions.Any(known => known.Version == version && known.State == ServableState.Ready && known.Servable?.Digest == digest));
    }
}
