using System.Globalization;
using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>Moves the alias of a promoted rollout in the registry: an event with the rollout as its actor, and the reason and evidence.</summary>
/// <param name="registry">The registry; null where there is none.</param>
internal sealed class AliasMover(IModelRegistry? registry)
{
    /// <summary>Tries once.</summary>
    /// <param name="state">A promoted rollout with an alias that is pending.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What has become of the alias; pending with a note when it should be tried again.</returns>
    public async Task<AliasMove> TryAsync(RolloutState state, CancellationToken cancellationToken)
    {
        AliasMove move = state.Alias!;
        if (registry is null)
        {
            return move with { State = AliasMoveState.Refused, Note = "no registry is kept here" };
        }

        try
        {
            if ((await registry.FindVersionByAliasAsync(state.Model, move.Name, cancellationToken))?.Number != state.To)
            {
                ChangeContext change = new($"rollout:{state.Id}", Describe(state));
                await registry.SetAliasAsync(state.Model, move.Name, state.To, AliasExpectation.At(state.From), change, cancellationToken);
            }

            return move with { State = AliasMoveState.Moved, Note = "" };
        }
        catch (SlipwayException refused) when (refused.Code is ErrorCode.VersionConflict or ErrorCode.ModelNotFound or ErrorCode.VersionNotFound or ErrorCode.InvalidRequest)
        {
            return move with { State = AliasMoveState.Refused, Note = refused.Message };
        }
        catch (SlipwayException later)
        {
            return move with { Note = later.Message };
        }
    }

    private static string Describe(RolloutState state) => string.Join(
        "; ",
        [
            string.Create(CultureInfo.InvariantCulture, $"rollout from version {state.From} to {state.To}{(state.StartedBy is { } by ? $", started by {by}" : "")}: {state.Reason}"),
            .. state.Findings.Where(static finding => finding.Measure != "shares").Select(static finding => string.Create(
                CultureInfo.InvariantCulture, $"{finding.Measure} {finding.Old:0.###%} to {finding.New:0.###%}{(finding.Worst is { } worst ? $", at worst {worst:0.###%}" : "")}")),
        ]);
}
