using Slipway.Core;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>Brings the arguments of a call to the parameters of a function, and finds its results. A parameter may stand for several values.</summary>
internal static class FunctionBinding
{
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the numbers do not fit.</exception>
    public static void Bind(Frame frame, GraphFunction function, IReadOnlyList<Value> arguments)
    {
        int next = 0;
        bool isPlain = function.Inputs.All(static input => input is { CountAttribute: "", TypesAttribute: "" });
        if (isPlain && function.Inputs.Count != arguments.Count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"function '{function.Name}' has {function.Inputs.Count} parameters, {arguments.Count} arguments are given");
        }

        foreach (FunctionArgument input in function.Inputs)
        {
            // Only a single list can be told apart without the attributes that count it, and functions of saved models have at most that.
            int count = input is { CountAttribute: "", TypesAttribute: "" } ? 1 : Math.Max(0, arguments.Count - function.Inputs.Count + 1);
            for (int i = 0; i < count && next < arguments.Count; i++)
            {
                frame.Given[(input.Name, i)] = arguments[next++];
            }
        }
    }

    /// <summary>References to the results, in order.</summary>
    public static IReadOnlyList<string> Results(Frame frame, GraphFunction function) =>
    [
        .. function.Outputs.Select(output => function.Returns.TryGetValue(output.Name, out string? source)
            ? source
            : throw new SlipwayException(ErrorCode.InvalidModel, $"function '{function.Name}' does not say where its result '{output.Name}' comes from")),
    ];
}
