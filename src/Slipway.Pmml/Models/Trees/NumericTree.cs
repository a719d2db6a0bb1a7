using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Models.Trees;

/// <summary>
/// A tree that asks nothing but whether numbers are at most others, laid out so that a step has no branch to mispredict: the children of a node stand side by
/// side, and a leaf leads to itself. Four rows are walked at once, so that one waits for memory while another computes. For rows without missing values.
/// </summary>
internal sealed class NumericTree
{
    /// <summary>Rows walked at once.</summary>
    public const int Lanes = 4;

    private readonly Node[] _nodes;
    private readonly int[] _results;

    private NumericTree(Node[] nodes, int[] results)
    {
        (_nodes, _results) = (nodes, results);
    }

    private readonly record struct Node(double Limit, int Slot, int Child);

    /// <summary>Slots that the tree reads.</summary>
    public IEnumerable<int> Slots => _nodes.Select(static node => node.Slot).Distinct();

    /// <summary>For each place the node of the document that gives the result there; -1 when none does.</summary>
    public ReadOnlySpan<int> Results => _results;

    /// <summary>Whether walks end at a place.</summary>
    public bool IsLeaf(int place) => _nodes[place].Child == place;

    /// <summary>Lays a tree out; null when it asks something else.</summary>
    /// <param name="steps">Its questions.</param>
    /// <param name="start">Where it begins: a question, or the end as <see cref="TreeStep"/> has it.</param>
    public static NumericTree? TryCreate(IReadOnlyList<TreeStep> steps, int start)
    {
        if (steps.Any(static step => step.Test != TreeTest.AtMost))
        {
            return null;
        }

        List<Node> nodes = [default];
        List<int> results = [-1];
        Queue<(int Target, int Place)> open = new([(start, 0)]);
        int most = (2 * steps.Count) + 1;
        int anySlot = steps.Count > 0 ? steps[0].Slot : 0;
        while (open.TryDequeue(out (int Target, int Place) next))
        {
            if (next.Target < 0)
            {
                nodes[next.Place] = new Node(double.PositiveInfinity, anySlot, next.Place);
                results[next.Place] = next.Target == TreeStep.NoResult ? -1 : ~next.Target;
                continue;
            }

            int child = nodes.Count;
            TreeStep step = steps[next.Target];
            nodes[next.Place] = new Node(step.Value, step.Slot, child);
            nodes.AddRange([default, default]);
            results.AddRange([-1, -1]);
            open.Enqueue((step.Yes, child));
            open.Enqueue((step.No, child + 1));
            if (nodes.Count > most)
            {
                return null;
            }
        }

        return new NumericTree([.. nodes], [.. results]);
    }

    /// <summary>Walks <see cref="Lanes"/> rows.</summary>
    /// <param name="cells">Cells of the frame.</param>
    /// <param name="bases">Where each row begins.</param>
    /// <param name="places">Takes for each row where its walk ends: <see cref="Results"/> says which node that is.</param>
    public void Walk(double[] cells, ReadOnlySpan<int> bases, Span<int> places)
    {
        Node[] nodes = _nodes;
        (int base0, int base1, int base2, int base3) = (bases[0], bases[1], bases[2], bases[3]);
        (int at0, int at1, int at2, int at3) = (0, 0, 0, 0);
        int moved;
        do
        {
            ref readonly Node node0 = ref nodes[at0];
            ref readonly Node node1 = ref nodes[at1];
            ref readonly Node node2 = ref nodes[at2];
            ref readonly Node node3 = ref nodes[at3];
            int next0 = node0.Child + (cells[base0 + node0.Slot] > node0.Limit ? 1 : 0);
            int next1 = node1.Child + (cells[base1 + node1.Slot] > node1.Limit ? 1 : 0);
            int next2 = node2.Child + (cells[base2 + node2.Slot] > node2.Limit ? 1 : 0);
            int next3 = node3.Child + (cells[base3 + node3.Slot] > node3.Limit ? 1 : 0);
            moved = (next0 ^ at0) | (next1 ^ at1) | (next2 ^ at2) | (next3 ^ at3);
            (at0, at1, at2, at3) = (next0, next1, next2, next3);
        }
        while (moved != 0);

        (places[0], places[1], places[2], places[3]) = (at0, at1, at2, at3);
    }

    /// <summary>Whether a row has a value for everything that trees read.</summary>
    public static bool IsComplete(Frame frame, int[] slots)
    {
        foreach (int slot in slots)
        {
            if (double.IsNaN(frame.Cells[frame.Base + slot]))
            {
                return false;
            }
        }

        return true;
    }
}
